CREATE TABLE incidents (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	found_on DATE NOT NULL,
	closed_on DATE,
	intake_token TEXT COLLATE "C",
	occurred TEXT COLLATE "C",
	what TEXT COLLATE "C",
	information TEXT COLLATE "C",
	people TEXT COLLATE "C",
	sensitivity TEXT COLLATE "C",
	consequences TEXT COLLATE "C",
	likelihood TEXT COLLATE "C",
	serious TEXT COLLATE "C",
	commission_on TEXT COLLATE "C",
	persons_on TEXT COLLATE "C",
	no_notice TEXT COLLATE "C",
	measures TEXT COLLATE "C",
	CONSTRAINT pk_incidents PRIMARY KEY (id),
	CONSTRAINT uq_incidents_intake_token UNIQUE (intake_token)
);

CREATE TABLE access_requests (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	channel TEXT COLLATE "C" NOT NULL,
	intake_token TEXT COLLATE "C",
	received_by TEXT COLLATE "C",
	written_on DATE,
	target_on DATE,
	legal_on DATE,
	noticed_on DATE,
	extended_on DATE,
	extension_days BIGINT,
	extended_by TEXT COLLATE "C",
	decision TEXT COLLATE "C",
	decided_on DATE,
	answered_on DATE,
	name TEXT COLLATE "C",
	phone TEXT COLLATE "C",
	email TEXT COLLATE "C",
	civic TEXT COLLATE "C",
	street TEXT COLLATE "C",
	city TEXT COLLATE "C",
	postal_code TEXT COLLATE "C",
	organisation TEXT COLLATE "C",
	words TEXT COLLATE "C",
	extension_ground TEXT COLLATE "C",
	reason TEXT COLLATE "C",
	provisions TEXT COLLATE "C",
	other_body TEXT COLLATE "C",
	third_party TEXT COLLATE "C",
	third_party_told_on TEXT COLLATE "C",
	third_party_answer_on TEXT COLLATE "C",
	third_party_words TEXT COLLATE "C",
	note TEXT COLLATE "C",
	CONSTRAINT pk_access_requests PRIMARY KEY (id),
	CONSTRAINT fk_access_requests_received_by FOREIGN KEY(received_by) REFERENCES accounts (id),
	CONSTRAINT fk_access_requests_extended_by FOREIGN KEY(extended_by) REFERENCES accounts (id),
	CONSTRAINT uq_access_requests_number UNIQUE (number),
	CONSTRAINT uq_access_requests_intake_token UNIQUE (intake_token)
);

CREATE INDEX ix_access_requests_state_target_on ON access_requests (state, target_on);

CREATE TABLE account_requests (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C",
	email TEXT COLLATE "C" NOT NULL,
	issuer TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	words TEXT COLLATE "C",
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	settled_at TIMESTAMP WITH TIME ZONE,
	settled_by TEXT COLLATE "C",
	granted BOOLEAN,
	CONSTRAINT pk_account_requests PRIMARY KEY (id),
	CONSTRAINT fk_account_requests_settled_by FOREIGN KEY(settled_by) REFERENCES accounts (id),
	CONSTRAINT uq_account_requests_issuer_subject UNIQUE (issuer, subject)
);

CREATE TABLE complaints (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	channel TEXT COLLATE "C" NOT NULL,
	intake_token TEXT COLLATE "C",
	deposited_by TEXT COLLATE "C",
	investigator TEXT COLLATE "C",
	concluded_at TIMESTAMP WITH TIME ZONE,
	answered_on DATE,
	name TEXT COLLATE "C",
	phone TEXT COLLATE "C",
	email TEXT COLLATE "C",
	civic TEXT COLLATE "C",
	street TEXT COLLATE "C",
	city TEXT COLLATE "C",
	postal_code TEXT COLLATE "C",
	anonymous TEXT COLLATE "C",
	written TEXT COLLATE "C",
	signed TEXT COLLATE "C",
	facts_on TEXT COLLATE "C",
	place TEXT COLLATE "C",
	facts TEXT COLLATE "C",
	department TEXT COLLATE "C",
	municipal TEXT COLLATE "C",
	private_dispute TEXT COLLATE "C",
	danger TEXT COLLATE "C",
	danger_words TEXT COLLATE "C",
	grounds TEXT COLLATE "C",
	derogation TEXT COLLATE "C",
	answer TEXT COLLATE "C",
	withdrawal TEXT COLLATE "C",
	CONSTRAINT pk_complaints PRIMARY KEY (id),
	CONSTRAINT fk_complaints_deposited_by FOREIGN KEY(deposited_by) REFERENCES accounts (id),
	CONSTRAINT fk_complaints_investigator FOREIGN KEY(investigator) REFERENCES accounts (id),
	CONSTRAINT uq_complaints_number UNIQUE (number),
	CONSTRAINT uq_complaints_intake_token UNIQUE (intake_token)
);

CREATE INDEX ix_complaints_investigator ON complaints (investigator);

CREATE TABLE identities (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	issuer TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_identities PRIMARY KEY (id),
	CONSTRAINT fk_identities_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_identities_issuer_subject UNIQUE (issuer, subject)
);

CREATE INDEX ix_identities_account ON identities (account);

CREATE TABLE private_documents (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	kind_of_file TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	added_by TEXT COLLATE "C",
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_on DATE,
	removed_at TIMESTAMP WITH TIME ZONE,
	removed_by TEXT COLLATE "C",
	name TEXT COLLATE "C",
	media_type TEXT COLLATE "C",
	digest TEXT COLLATE "C",
	removed_why TEXT COLLATE "C",
	CONSTRAINT pk_private_documents PRIMARY KEY (id),
	CONSTRAINT fk_private_documents_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT fk_private_documents_removed_by FOREIGN KEY(removed_by) REFERENCES accounts (id)
);

CREATE INDEX ix_private_documents_kind_of_file_record ON private_documents (kind_of_file, record);

CREATE TABLE readings (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind_of_file TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C",
	who TEXT COLLATE "C" NOT NULL,
	what TEXT COLLATE "C" NOT NULL,
	read_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_readings PRIMARY KEY (id),
	CONSTRAINT fk_readings_account FOREIGN KEY(account) REFERENCES accounts (id)
);

CREATE INDEX ix_readings_kind_of_file_record_read_at ON readings (kind_of_file, record, read_at);

CREATE TABLE refusals (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	account TEXT COLLATE "C",
	who TEXT COLLATE "C",
	act TEXT COLLATE "C" NOT NULL,
	articles TEXT COLLATE "C",
	refused_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_refusals PRIMARY KEY (id),
	CONSTRAINT fk_refusals_account FOREIGN KEY(account) REFERENCES accounts (id)
);

CREATE INDEX ix_refusals_refused_at ON refusals (refused_at);

CREATE TABLE resets (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	token_hash TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_resets PRIMARY KEY (id),
	CONSTRAINT fk_resets_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_resets_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_resets_account ON resets (account);

CREATE TABLE service_refusals (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	citizen TEXT COLLATE "C" NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE NOT NULL,
	lifted_at TIMESTAMP WITH TIME ZONE,
	reason TEXT COLLATE "C",
	CONSTRAINT pk_service_refusals PRIMARY KEY (id),
	CONSTRAINT fk_service_refusals_citizen FOREIGN KEY(citizen) REFERENCES citizens (id)
);

CREATE INDEX ix_service_refusals_citizen ON service_refusals (citizen);

ALTER TABLE sessions ADD COLUMN seen_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE complaint_people (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	complaint TEXT COLLATE "C" NOT NULL,
	part TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C",
	post TEXT COLLATE "C",
	account TEXT COLLATE "C",
	heard_on TEXT COLLATE "C",
	finding TEXT COLLATE "C",
	finding_words TEXT COLLATE "C",
	measure TEXT COLLATE "C",
	measure_words TEXT COLLATE "C",
	concluded_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_complaint_people PRIMARY KEY (id),
	CONSTRAINT fk_complaint_people_complaint FOREIGN KEY(complaint) REFERENCES complaints (id)
);

CREATE INDEX ix_complaint_people_complaint ON complaint_people (complaint);

CREATE TABLE complaint_readers (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	complaint TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	named_by TEXT COLLATE "C",
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	reason TEXT COLLATE "C",
	CONSTRAINT pk_complaint_readers PRIMARY KEY (id),
	CONSTRAINT fk_complaint_readers_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_complaint_readers_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT fk_complaint_readers_named_by FOREIGN KEY(named_by) REFERENCES accounts (id)
);

CREATE INDEX ix_complaint_readers_account ON complaint_readers (account);

CREATE INDEX ix_complaint_readers_complaint_account ON complaint_readers (complaint, account);

CREATE TABLE investigators (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	complaint TEXT COLLATE "C",
	account TEXT COLLATE "C" NOT NULL,
	named_by TEXT COLLATE "C",
	starts_on DATE NOT NULL,
	ends_on DATE,
	reason TEXT COLLATE "C",
	CONSTRAINT pk_investigators PRIMARY KEY (id),
	CONSTRAINT fk_investigators_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_investigators_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT fk_investigators_named_by FOREIGN KEY(named_by) REFERENCES accounts (id)
);

CREATE INDEX ix_investigators_complaint ON investigators (complaint);

CREATE TABLE private_contents (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	document TEXT COLLATE "C" NOT NULL,
	content BYTEA,
	CONSTRAINT pk_private_contents PRIMARY KEY (id),
	CONSTRAINT fk_private_contents_document FOREIGN KEY(document) REFERENCES private_documents (id),
	CONSTRAINT uq_private_contents_document UNIQUE (document)
);

CREATE TABLE attachments (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	media_type TEXT COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	added_by TEXT COLLATE "C",
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	once TEXT COLLATE "C",
	removed_at TIMESTAMP WITH TIME ZONE,
	removed_by TEXT COLLATE "C",
	removed_why TEXT COLLATE "C",
	CONSTRAINT pk_attachments PRIMARY KEY (id),
	CONSTRAINT fk_attachments_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_attachments_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT fk_attachments_removed_by FOREIGN KEY(removed_by) REFERENCES accounts (id),
	CONSTRAINT uq_attachments_once UNIQUE (once)
);

CREATE INDEX ix_attachments_file ON attachments (file);

CREATE TABLE claims (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	repairs TEXT COLLATE "C",
	decision TEXT COLLATE "C",
	decided_on DATE,
	damage TEXT COLLATE "C",
	damage_words TEXT COLLATE "C",
	event_on TEXT COLLATE "C",
	event_place TEXT COLLATE "C",
	amount_cents TEXT COLLATE "C",
	notice_on TEXT COLLATE "C",
	clerk_on TEXT COLLATE "C",
	insurer_on TEXT COLLATE "C",
	insurer TEXT COLLATE "C",
	insurer_number TEXT COLLATE "C",
	decision_words TEXT COLLATE "C",
	paid_cents TEXT COLLATE "C",
	CONSTRAINT pk_claims PRIMARY KEY (id),
	CONSTRAINT fk_claims_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_claims_repairs FOREIGN KEY(repairs) REFERENCES files (id),
	CONSTRAINT uq_claims_file UNIQUE (file)
);

CREATE INDEX ix_claims_repairs ON claims (repairs);

CREATE TABLE complaint_steps (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	complaint TEXT COLLATE "C" NOT NULL,
	person TEXT COLLATE "C",
	kind TEXT COLLATE "C" NOT NULL,
	noted_by TEXT COLLATE "C",
	noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	held_on TEXT COLLATE "C",
	words TEXT COLLATE "C",
	CONSTRAINT pk_complaint_steps PRIMARY KEY (id),
	CONSTRAINT fk_complaint_steps_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_complaint_steps_person FOREIGN KEY(person) REFERENCES complaint_people (id),
	CONSTRAINT fk_complaint_steps_noted_by FOREIGN KEY(noted_by) REFERENCES accounts (id)
);

CREATE INDEX ix_complaint_steps_complaint ON complaint_steps (complaint);

CREATE TABLE personnel (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	complaint TEXT COLLATE "C",
	person TEXT COLLATE "C",
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	entered_by TEXT COLLATE "C",
	name TEXT COLLATE "C",
	post TEXT COLLATE "C",
	incident TEXT COLLATE "C",
	measure TEXT COLLATE "C",
	measure_words TEXT COLLATE "C",
	CONSTRAINT pk_personnel PRIMARY KEY (id),
	CONSTRAINT fk_personnel_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_personnel_person FOREIGN KEY(person) REFERENCES complaint_people (id),
	CONSTRAINT fk_personnel_entered_by FOREIGN KEY(entered_by) REFERENCES accounts (id),
	CONSTRAINT uq_personnel_person UNIQUE (person)
);

CREATE INDEX ix_personnel_complaint ON personnel (complaint);

CREATE TABLE attachment_contents (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	attachment TEXT COLLATE "C" NOT NULL,
	content BYTEA NOT NULL,
	CONSTRAINT pk_attachment_contents PRIMARY KEY (id),
	CONSTRAINT fk_attachment_contents_attachment FOREIGN KEY(attachment) REFERENCES attachments (id),
	CONSTRAINT uq_attachment_contents_attachment UNIQUE (attachment)
);
