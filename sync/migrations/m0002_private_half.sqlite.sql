CREATE TABLE incidents (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	found_on DATE NOT NULL,
	closed_on DATE,
	intake_token TEXT,
	occurred TEXT,
	what TEXT,
	information TEXT,
	people TEXT,
	sensitivity TEXT,
	consequences TEXT,
	likelihood TEXT,
	serious TEXT,
	commission_on TEXT,
	persons_on TEXT,
	no_notice TEXT,
	measures TEXT,
	CONSTRAINT pk_incidents PRIMARY KEY (id),
	CONSTRAINT uq_incidents_intake_token UNIQUE (intake_token)
);

CREATE TABLE access_requests (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	number TEXT NOT NULL,
	state TEXT NOT NULL,
	received_at DATETIME NOT NULL,
	channel TEXT NOT NULL,
	intake_token TEXT,
	received_by TEXT,
	written_on DATE,
	target_on DATE,
	legal_on DATE,
	noticed_on DATE,
	extended_on DATE,
	extension_days BIGINT,
	extended_by TEXT,
	decision TEXT,
	decided_on DATE,
	answered_on DATE,
	name TEXT,
	phone TEXT,
	email TEXT,
	civic TEXT,
	street TEXT,
	city TEXT,
	postal_code TEXT,
	organisation TEXT,
	words TEXT,
	extension_ground TEXT,
	reason TEXT,
	provisions TEXT,
	other_body TEXT,
	third_party TEXT,
	third_party_told_on TEXT,
	third_party_answer_on TEXT,
	third_party_words TEXT,
	note TEXT,
	CONSTRAINT pk_access_requests PRIMARY KEY (id),
	CONSTRAINT fk_access_requests_received_by FOREIGN KEY(received_by) REFERENCES accounts (id),
	CONSTRAINT fk_access_requests_extended_by FOREIGN KEY(extended_by) REFERENCES accounts (id),
	CONSTRAINT uq_access_requests_number UNIQUE (number),
	CONSTRAINT uq_access_requests_intake_token UNIQUE (intake_token)
);

CREATE INDEX ix_access_requests_state_target_on ON access_requests (state, target_on);

CREATE TABLE account_requests (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT,
	email TEXT NOT NULL,
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	words TEXT,
	asked_at DATETIME NOT NULL,
	settled_at DATETIME,
	settled_by TEXT,
	granted BOOLEAN,
	CONSTRAINT pk_account_requests PRIMARY KEY (id),
	CONSTRAINT fk_account_requests_settled_by FOREIGN KEY(settled_by) REFERENCES accounts (id),
	CONSTRAINT uq_account_requests_issuer_subject UNIQUE (issuer, subject)
);

CREATE TABLE complaints (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	number TEXT NOT NULL,
	state TEXT NOT NULL,
	received_at DATETIME NOT NULL,
	channel TEXT NOT NULL,
	intake_token TEXT,
	deposited_by TEXT,
	investigator TEXT,
	concluded_at DATETIME,
	answered_on DATE,
	name TEXT,
	phone TEXT,
	email TEXT,
	civic TEXT,
	street TEXT,
	city TEXT,
	postal_code TEXT,
	anonymous TEXT,
	written TEXT,
	signed TEXT,
	facts_on TEXT,
	place TEXT,
	facts TEXT,
	department TEXT,
	municipal TEXT,
	private_dispute TEXT,
	danger TEXT,
	danger_words TEXT,
	grounds TEXT,
	derogation TEXT,
	answer TEXT,
	withdrawal TEXT,
	CONSTRAINT pk_complaints PRIMARY KEY (id),
	CONSTRAINT fk_complaints_deposited_by FOREIGN KEY(deposited_by) REFERENCES accounts (id),
	CONSTRAINT fk_complaints_investigator FOREIGN KEY(investigator) REFERENCES accounts (id),
	CONSTRAINT uq_complaints_number UNIQUE (number),
	CONSTRAINT uq_complaints_intake_token UNIQUE (intake_token)
);

CREATE INDEX ix_complaints_investigator ON complaints (investigator);

CREATE TABLE identities (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	account TEXT NOT NULL,
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	CONSTRAINT pk_identities PRIMARY KEY (id),
	CONSTRAINT fk_identities_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_identities_issuer_subject UNIQUE (issuer, subject)
);

CREATE INDEX ix_identities_account ON identities (account);

CREATE TABLE private_documents (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	kind_of_file TEXT NOT NULL,
	record TEXT NOT NULL,
	kind TEXT NOT NULL,
	size BIGINT NOT NULL,
	added_by TEXT,
	added_at DATETIME NOT NULL,
	sent_on DATE,
	removed_at DATETIME,
	removed_by TEXT,
	name TEXT,
	media_type TEXT,
	digest TEXT,
	removed_why TEXT,
	CONSTRAINT pk_private_documents PRIMARY KEY (id),
	CONSTRAINT fk_private_documents_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT fk_private_documents_removed_by FOREIGN KEY(removed_by) REFERENCES accounts (id)
);

CREATE INDEX ix_private_documents_kind_of_file_record ON private_documents (kind_of_file, record);

CREATE TABLE readings (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	kind_of_file TEXT NOT NULL,
	record TEXT NOT NULL,
	account TEXT,
	who TEXT NOT NULL,
	what TEXT NOT NULL,
	read_at DATETIME NOT NULL,
	CONSTRAINT pk_readings PRIMARY KEY (id),
	CONSTRAINT fk_readings_account FOREIGN KEY(account) REFERENCES accounts (id)
);

CREATE INDEX ix_readings_kind_of_file_record_read_at ON readings (kind_of_file, record, read_at);

CREATE TABLE refusals (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	account TEXT,
	who TEXT,
	act TEXT NOT NULL,
	articles TEXT,
	refused_at DATETIME NOT NULL,
	CONSTRAINT pk_refusals PRIMARY KEY (id),
	CONSTRAINT fk_refusals_account FOREIGN KEY(account) REFERENCES accounts (id)
);

CREATE INDEX ix_refusals_refused_at ON refusals (refused_at);

CREATE TABLE resets (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	token_hash TEXT NOT NULL,
	account TEXT NOT NULL,
	asked_at DATETIME NOT NULL,
	expires_at DATETIME NOT NULL,
	used_at DATETIME,
	CONSTRAINT pk_resets PRIMARY KEY (id),
	CONSTRAINT fk_resets_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_resets_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_resets_account ON resets (account);

CREATE TABLE service_refusals (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	citizen TEXT NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE NOT NULL,
	lifted_at DATETIME,
	reason TEXT,
	CONSTRAINT pk_service_refusals PRIMARY KEY (id),
	CONSTRAINT fk_service_refusals_citizen FOREIGN KEY(citizen) REFERENCES citizens (id)
);

CREATE INDEX ix_service_refusals_citizen ON service_refusals (citizen);

ALTER TABLE sessions ADD COLUMN seen_at DATETIME;

CREATE TABLE complaint_people (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	complaint TEXT NOT NULL,
	part TEXT NOT NULL,
	name TEXT,
	post TEXT,
	account TEXT,
	heard_on TEXT,
	finding TEXT,
	finding_words TEXT,
	measure TEXT,
	measure_words TEXT,
	concluded_at DATETIME,
	CONSTRAINT pk_complaint_people PRIMARY KEY (id),
	CONSTRAINT fk_complaint_people_complaint FOREIGN KEY(complaint) REFERENCES complaints (id)
);

CREATE INDEX ix_complaint_people_complaint ON complaint_people (complaint);

CREATE TABLE complaint_readers (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	complaint TEXT NOT NULL,
	account TEXT NOT NULL,
	named_by TEXT,
	since DATETIME NOT NULL,
	until DATETIME,
	reason TEXT,
	CONSTRAINT pk_complaint_readers PRIMARY KEY (id),
	CONSTRAINT fk_complaint_readers_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_complaint_readers_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT fk_complaint_readers_named_by FOREIGN KEY(named_by) REFERENCES accounts (id)
);

CREATE INDEX ix_complaint_readers_account ON complaint_readers (account);

CREATE INDEX ix_complaint_readers_complaint_account ON complaint_readers (complaint, account);

CREATE TABLE investigators (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	complaint TEXT,
	account TEXT NOT NULL,
	named_by TEXT,
	starts_on DATE NOT NULL,
	ends_on DATE,
	reason TEXT,
	CONSTRAINT pk_investigators PRIMARY KEY (id),
	CONSTRAINT fk_investigators_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_investigators_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT fk_investigators_named_by FOREIGN KEY(named_by) REFERENCES accounts (id)
);

CREATE INDEX ix_investigators_complaint ON investigators (complaint);

CREATE TABLE private_contents (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	document TEXT NOT NULL,
	content BLOB,
	CONSTRAINT pk_private_contents PRIMARY KEY (id),
	CONSTRAINT fk_private_contents_document FOREIGN KEY(document) REFERENCES private_documents (id),
	CONSTRAINT uq_private_contents_document UNIQUE (document)
);

CREATE TABLE attachments (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	added_by TEXT,
	added_at DATETIME NOT NULL,
	once TEXT,
	removed_at DATETIME,
	removed_by TEXT,
	removed_why TEXT,
	CONSTRAINT pk_attachments PRIMARY KEY (id),
	CONSTRAINT fk_attachments_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_attachments_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT fk_attachments_removed_by FOREIGN KEY(removed_by) REFERENCES accounts (id),
	CONSTRAINT uq_attachments_once UNIQUE (once)
);

CREATE INDEX ix_attachments_file ON attachments (file);

CREATE TABLE claims (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	file TEXT NOT NULL,
	repairs TEXT,
	decision TEXT,
	decided_on DATE,
	damage TEXT,
	damage_words TEXT,
	event_on TEXT,
	event_place TEXT,
	amount_cents TEXT,
	notice_on TEXT,
	clerk_on TEXT,
	insurer_on TEXT,
	insurer TEXT,
	insurer_number TEXT,
	decision_words TEXT,
	paid_cents TEXT,
	CONSTRAINT pk_claims PRIMARY KEY (id),
	CONSTRAINT fk_claims_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_claims_repairs FOREIGN KEY(repairs) REFERENCES files (id),
	CONSTRAINT uq_claims_file UNIQUE (file)
);

CREATE INDEX ix_claims_repairs ON claims (repairs);

CREATE TABLE complaint_steps (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	complaint TEXT NOT NULL,
	person TEXT,
	kind TEXT NOT NULL,
	noted_by TEXT,
	noted_at DATETIME NOT NULL,
	held_on TEXT,
	words TEXT,
	CONSTRAINT pk_complaint_steps PRIMARY KEY (id),
	CONSTRAINT fk_complaint_steps_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_complaint_steps_person FOREIGN KEY(person) REFERENCES complaint_people (id),
	CONSTRAINT fk_complaint_steps_noted_by FOREIGN KEY(noted_by) REFERENCES accounts (id)
);

CREATE INDEX ix_complaint_steps_complaint ON complaint_steps (complaint);

CREATE TABLE personnel (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	complaint TEXT,
	person TEXT,
	entered_at DATETIME NOT NULL,
	entered_by TEXT,
	name TEXT,
	post TEXT,
	incident TEXT,
	measure TEXT,
	measure_words TEXT,
	CONSTRAINT pk_personnel PRIMARY KEY (id),
	CONSTRAINT fk_personnel_complaint FOREIGN KEY(complaint) REFERENCES complaints (id),
	CONSTRAINT fk_personnel_person FOREIGN KEY(person) REFERENCES complaint_people (id),
	CONSTRAINT fk_personnel_entered_by FOREIGN KEY(entered_by) REFERENCES accounts (id),
	CONSTRAINT uq_personnel_person UNIQUE (person)
);

CREATE INDEX ix_personnel_complaint ON personnel (complaint);

CREATE TABLE attachment_contents (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	attachment TEXT NOT NULL,
	content BLOB NOT NULL,
	CONSTRAINT pk_attachment_contents PRIMARY KEY (id),
	CONSTRAINT fk_attachment_contents_attachment FOREIGN KEY(attachment) REFERENCES attachments (id),
	CONSTRAINT uq_attachment_contents_attachment UNIQUE (attachment)
);
