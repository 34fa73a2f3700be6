CREATE TABLE import_matchings (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	headers TEXT COLLATE "C" NOT NULL,
	matching JSONB NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_import_matchings PRIMARY KEY (id),
	CONSTRAINT uq_import_matchings_headers UNIQUE (headers)
);

CREATE TABLE keeping_terms (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	valid_from DATE NOT NULL,
	months BIGINT,
	schedule TEXT COLLATE "C",
	article TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_keeping_terms PRIMARY KEY (id),
	CONSTRAINT uq_keeping_terms_kind_valid_from UNIQUE (kind, valid_from)
);

CREATE TABLE nights (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	work TEXT COLLATE "C" NOT NULL,
	day DATE NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	claimed_by TEXT COLLATE "C",
	claimed_until TIMESTAMP WITH TIME ZONE,
	done_at TIMESTAMP WITH TIME ZONE,
	next_try_at TIMESTAMP WITH TIME ZONE,
	words TEXT COLLATE "C",
	CONSTRAINT pk_nights PRIMARY KEY (id),
	CONSTRAINT uq_nights_work_day UNIQUE (work, day)
);

CREATE TABLE private_bases (
	name TEXT COLLATE "C" NOT NULL,
	stamp TEXT COLLATE "C" NOT NULL,
	home TEXT COLLATE "C",
	memory TEXT COLLATE "C",
	reserved BIGINT DEFAULT '0' NOT NULL,
	ready_at TIMESTAMP WITH TIME ZONE,
	looked_at TIMESTAMP WITH TIME ZONE,
	listed_at TIMESTAMP WITH TIME ZONE,
	agreed_at TIMESTAMP WITH TIME ZONE,
	failing_since TIMESTAMP WITH TIME ZONE,
	silent_until TIMESTAMP WITH TIME ZONE,
	asked_until TIMESTAMP WITH TIME ZONE,
	error TEXT COLLATE "C",
	leased_to TEXT COLLATE "C",
	leased_until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_private_bases PRIMARY KEY (name)
);

CREATE TABLE private_links (
	base TEXT COLLATE "C" NOT NULL,
	table_name TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C",
	told TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	put_back TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	leaving BOOLEAN DEFAULT false NOT NULL,
	open BOOLEAN DEFAULT true NOT NULL,
	absences BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_private_links PRIMARY KEY (base, table_name, record)
);

CREATE TABLE pulses (
	what TEXT COLLATE "C" NOT NULL,
	beat_at TIMESTAMP WITH TIME ZONE NOT NULL,
	troubled BOOLEAN NOT NULL,
	CONSTRAINT pk_pulses PRIMARY KEY (what)
);

CREATE TABLE recounts (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	stamp TEXT COLLATE "C" NOT NULL,
	reached TEXT COLLATE "C",
	total BIGINT NOT NULL,
	done BIGINT NOT NULL,
	moved BIGINT NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_recounts PRIMARY KEY (id),
	CONSTRAINT uq_recounts_stamp UNIQUE (stamp)
);

ALTER TABLE remotes ADD COLUMN asked_until TIMESTAMP WITH TIME ZONE;

ALTER TABLE remotes ADD COLUMN named_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE remotes ADD COLUMN home TEXT COLLATE "C";

ALTER TABLE remotes ADD COLUMN place TEXT COLLATE "C";

ALTER TABLE remotes ADD COLUMN held_since TIMESTAMP WITH TIME ZONE;

ALTER TABLE remotes ADD COLUMN identity BOOLEAN;

CREATE TABLE settling (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	field TEXT COLLATE "C" NOT NULL,
	value JSONB,
	who TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_settling PRIMARY KEY (id),
	CONSTRAINT uq_settling_field UNIQUE (field)
);

CREATE TABLE staged_citizens (
	lot TEXT COLLATE "C" NOT NULL,
	line BIGINT NOT NULL,
	id TEXT COLLATE "C",
	version BIGINT,
	created_at TIMESTAMP WITH TIME ZONE,
	updated_at TIMESTAMP WITH TIME ZONE,
	name TEXT COLLATE "C",
	phone TEXT COLLATE "C",
	phone_digits TEXT COLLATE "C",
	email TEXT COLLATE "C",
	civic TEXT COLLATE "C",
	street TEXT COLLATE "C",
	city TEXT COLLATE "C",
	postal_code TEXT COLLATE "C",
	brought_in TEXT COLLATE "C"
);

CREATE INDEX ix_staged_citizens_lot_line ON staged_citizens (lot, line);

CREATE TABLE staged_files (
	lot TEXT COLLATE "C" NOT NULL,
	line BIGINT NOT NULL,
	id TEXT COLLATE "C",
	version BIGINT,
	created_at TIMESTAMP WITH TIME ZONE,
	updated_at TIMESTAMP WITH TIME ZONE,
	number TEXT COLLATE "C",
	nature TEXT COLLATE "C",
	channel TEXT COLLATE "C",
	forwarded_by TEXT COLLATE "C",
	received_at TIMESTAMP WITH TIME ZONE,
	category TEXT COLLATE "C",
	department TEXT COLLATE "C",
	priority TEXT COLLATE "C",
	civic TEXT COLLATE "C",
	street TEXT COLLATE "C",
	sector TEXT COLLATE "C",
	place_note TEXT COLLATE "C",
	facts TEXT COLLATE "C",
	citizen TEXT COLLATE "C",
	anonymous BOOLEAN,
	first_contact BOOLEAN,
	intake_token TEXT COLLATE "C",
	source_id TEXT COLLATE "C",
	brought_in TEXT COLLATE "C",
	duplicate_of TEXT COLLATE "C",
	state TEXT COLLATE "C",
	planned_on DATE,
	wait_reason TEXT COLLATE "C",
	wait_words TEXT COLLATE "C",
	next_action TEXT COLLATE "C",
	complex BOOLEAN,
	last_reason TEXT COLLATE "C",
	code TEXT COLLATE "C",
	done_on DATE,
	done_extension TEXT COLLATE "C",
	note TEXT COLLATE "C",
	citizen_text TEXT COLLATE "C",
	completed_at TIMESTAMP WITH TIME ZONE,
	closed_at TIMESTAMP WITH TIME ZONE,
	first_closed_at TIMESTAMP WITH TIME ZONE,
	closed_by TEXT COLLATE "C",
	reopened_at TIMESTAMP WITH TIME ZONE,
	target_on DATE,
	target_why JSONB,
	ack_due_at TIMESTAMP WITH TIME ZONE,
	ack_why JSONB,
	acknowledged_at TIMESTAMP WITH TIME ZONE,
	open BOOLEAN,
	queue_rank BIGINT,
	queue_day DATE,
	moved_at TIMESTAMP WITH TIME ZONE
);

CREATE INDEX ix_staged_files_lot_line ON staged_files (lot, line);

CREATE TABLE staged_history (
	lot TEXT COLLATE "C" NOT NULL,
	line BIGINT NOT NULL,
	table_name TEXT COLLATE "C",
	record TEXT COLLATE "C",
	rank BIGINT,
	kind TEXT COLLATE "C",
	at TIMESTAMP WITH TIME ZONE,
	who TEXT COLLATE "C",
	name TEXT COLLATE "C",
	whence TEXT COLLATE "C",
	act TEXT COLLATE "C",
	changes TEXT COLLATE "C",
	salt BYTEA,
	remains TEXT COLLATE "C",
	digest BYTEA
);

CREATE INDEX ix_staged_history_lot_line ON staged_history (lot, line);

CREATE TABLE staged_pauses (
	lot TEXT COLLATE "C" NOT NULL,
	line BIGINT NOT NULL,
	id TEXT COLLATE "C",
	version BIGINT,
	created_at TIMESTAMP WITH TIME ZONE,
	updated_at TIMESTAMP WITH TIME ZONE,
	file TEXT COLLATE "C",
	starts_on DATE,
	ends_on DATE
);

CREATE INDEX ix_staged_pauses_lot_line ON staged_pauses (lot, line);

ALTER TABLE tombstones ADD COLUMN outline BOOLEAN;

ALTER TABLE designations ADD COLUMN account TEXT COLLATE "C" CONSTRAINT fk_designations_account REFERENCES accounts (id);

CREATE INDEX ix_designations_account ON designations (account);

CREATE TABLE guides (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	department TEXT COLLATE "C",
	keywords TEXT COLLATE "C",
	words TEXT COLLATE "C",
	body TEXT COLLATE "C",
	phone TEXT COLLATE "C",
	email TEXT COLLATE "C",
	link TEXT COLLATE "C",
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_guides PRIMARY KEY (id),
	CONSTRAINT fk_guides_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT uq_guides_name UNIQUE (name)
);

CREATE TABLE imports (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	digest TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	sheets JSONB,
	sheet TEXT COLLATE "C",
	header_line BIGINT NOT NULL,
	headers JSONB,
	rows BIGINT NOT NULL,
	matching JSONB,
	remembered BOOLEAN NOT NULL,
	fits BIGINT NOT NULL,
	known BIGINT NOT NULL,
	wrong BIGINT NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	numbers JSONB,
	claimed_by TEXT COLLATE "C",
	claimed_until TIMESTAMP WITH TIME ZONE,
	attempts BIGINT NOT NULL,
	trouble TEXT COLLATE "C",
	added BIGINT NOT NULL,
	left_aside BIGINT NOT NULL,
	withdrawn BIGINT NOT NULL,
	received_by TEXT COLLATE "C",
	received_name TEXT COLLATE "C" NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	asked_by TEXT COLLATE "C",
	asked_name TEXT COLLATE "C",
	asked_at TIMESTAMP WITH TIME ZONE,
	finished_at TIMESTAMP WITH TIME ZONE,
	undone_by TEXT COLLATE "C",
	undone_name TEXT COLLATE "C",
	undone_at TIMESTAMP WITH TIME ZONE,
	cleared BOOLEAN NOT NULL,
	CONSTRAINT pk_imports PRIMARY KEY (id),
	CONSTRAINT fk_imports_received_by FOREIGN KEY(received_by) REFERENCES accounts (id)
);

CREATE INDEX ix_imports_state ON imports (state);

CREATE TABLE keepings (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	closed_on DATE NOT NULL,
	rule TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	found_on DATE NOT NULL,
	agreed_at TIMESTAMP WITH TIME ZONE,
	agreed_by TEXT COLLATE "C",
	done_at TIMESTAMP WITH TIME ZONE,
	why_not TEXT COLLATE "C",
	CONSTRAINT pk_keepings PRIMARY KEY (id),
	CONSTRAINT fk_keepings_agreed_by FOREIGN KEY(agreed_by) REFERENCES accounts (id),
	CONSTRAINT uq_keepings_kind_record UNIQUE (kind, record)
);

CREATE INDEX ix_keepings_state_kind_id ON keepings (state, kind, id);

CREATE TABLE legal_holds (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sealed_key TEXT COLLATE "C" NOT NULL,
	"of" TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	number TEXT COLLATE "C",
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	placed_by TEXT COLLATE "C",
	lifted_at TIMESTAMP WITH TIME ZONE,
	lifted_by TEXT COLLATE "C",
	reason TEXT COLLATE "C",
	lifted_why TEXT COLLATE "C",
	CONSTRAINT pk_legal_holds PRIMARY KEY (id),
	CONSTRAINT fk_legal_holds_placed_by FOREIGN KEY(placed_by) REFERENCES accounts (id),
	CONSTRAINT fk_legal_holds_lifted_by FOREIGN KEY(lifted_by) REFERENCES accounts (id)
);

CREATE INDEX ix_legal_holds_record ON legal_holds (record);

CREATE TABLE presences (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	presence TEXT COLLATE "C" NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	said_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_presences PRIMARY KEY (id),
	CONSTRAINT fk_presences_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_presences_account UNIQUE (account)
);

CREATE TABLE report_photos (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	token TEXT COLLATE "C" NOT NULL,
	added_by TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	media_type TEXT COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	once TEXT COLLATE "C" NOT NULL,
	content BYTEA NOT NULL,
	CONSTRAINT pk_report_photos PRIMARY KEY (id),
	CONSTRAINT fk_report_photos_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT uq_report_photos_once UNIQUE (once)
);

CREATE INDEX ix_report_photos_token ON report_photos (token);

CREATE TABLE trials (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	taken_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	went_well BOOLEAN,
	words TEXT COLLATE "C",
	CONSTRAINT pk_trials PRIMARY KEY (id),
	CONSTRAINT fk_trials_account FOREIGN KEY(account) REFERENCES accounts (id)
);

CREATE INDEX ix_trials_ended_at_asked_at ON trials (ended_at, asked_at);

CREATE TABLE answer_templates (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	category TEXT COLLATE "C",
	state TEXT COLLATE "C",
	words TEXT COLLATE "C" NOT NULL,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_answer_templates PRIMARY KEY (id),
	CONSTRAINT fk_answer_templates_category FOREIGN KEY(category) REFERENCES categories (id),
	CONSTRAINT uq_answer_templates_name UNIQUE (name)
);

ALTER TABLE citizens ADD COLUMN brought_in TEXT COLLATE "C" CONSTRAINT fk_citizens_brought_in REFERENCES imports (id);

CREATE INDEX ix_citizens_brought_in ON citizens (brought_in);

CREATE TABLE import_asides (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	lot TEXT COLLATE "C" NOT NULL,
	line BIGINT NOT NULL,
	number TEXT COLLATE "C",
	header TEXT COLLATE "C",
	value TEXT COLLATE "C",
	why TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_import_asides PRIMARY KEY (id),
	CONSTRAINT fk_import_asides_lot FOREIGN KEY(lot) REFERENCES imports (id)
);

CREATE INDEX ix_import_asides_lot_line ON import_asides (lot, line);

CREATE TABLE import_contents (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	lot TEXT COLLATE "C" NOT NULL,
	content BYTEA NOT NULL,
	profile JSONB,
	CONSTRAINT pk_import_contents PRIMARY KEY (id),
	CONSTRAINT fk_import_contents_lot FOREIGN KEY(lot) REFERENCES imports (id),
	CONSTRAINT uq_import_contents_lot UNIQUE (lot)
);

CREATE TABLE import_parts (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	lot TEXT COLLATE "C" NOT NULL,
	rank BIGINT NOT NULL,
	rows JSONB NOT NULL,
	CONSTRAINT pk_import_parts PRIMARY KEY (id),
	CONSTRAINT fk_import_parts_lot FOREIGN KEY(lot) REFERENCES imports (id),
	CONSTRAINT uq_import_parts_lot_rank UNIQUE (lot, rank)
);

CREATE TABLE signed_forms (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	designation TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	media_type TEXT COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	added_by TEXT COLLATE "C",
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	before JSONB,
	removed_at TIMESTAMP WITH TIME ZONE,
	removed_by TEXT COLLATE "C",
	removed_why TEXT COLLATE "C",
	CONSTRAINT pk_signed_forms PRIMARY KEY (id),
	CONSTRAINT fk_signed_forms_designation FOREIGN KEY(designation) REFERENCES designations (id),
	CONSTRAINT fk_signed_forms_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT fk_signed_forms_removed_by FOREIGN KEY(removed_by) REFERENCES accounts (id)
);

CREATE INDEX ix_signed_forms_designation ON signed_forms (designation);

ALTER TABLE files ADD COLUMN brought_in TEXT COLLATE "C" CONSTRAINT fk_files_brought_in REFERENCES imports (id);

CREATE INDEX ix_files_brought_in ON files (brought_in);

CREATE TABLE signed_form_contents (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	form TEXT COLLATE "C" NOT NULL,
	content BYTEA NOT NULL,
	CONSTRAINT pk_signed_form_contents PRIMARY KEY (id),
	CONSTRAINT fk_signed_form_contents_form FOREIGN KEY(form) REFERENCES signed_forms (id),
	CONSTRAINT uq_signed_form_contents_form UNIQUE (form)
);

ALTER TABLE answers ADD COLUMN in_name_of TEXT COLLATE "C";

CREATE TABLE contacts (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	channel TEXT COLLATE "C" NOT NULL,
	words TEXT COLLATE "C" NOT NULL,
	citizen TEXT COLLATE "C",
	noted_by TEXT COLLATE "C",
	token TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_contacts PRIMARY KEY (id),
	CONSTRAINT fk_contacts_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_contacts_citizen FOREIGN KEY(citizen) REFERENCES citizens (id),
	CONSTRAINT fk_contacts_noted_by FOREIGN KEY(noted_by) REFERENCES accounts (id),
	CONSTRAINT uq_contacts_token UNIQUE (token)
);

CREATE INDEX ix_contacts_citizen ON contacts (citizen);

CREATE INDEX ix_contacts_file ON contacts (file);

CREATE TABLE field_reports (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	token TEXT COLLATE "C" NOT NULL,
	author TEXT COLLATE "C" NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C",
	home_civic TEXT COLLATE "C",
	home_street TEXT COLLATE "C",
	home_city TEXT COLLATE "C",
	home_postal_code TEXT COLLATE "C",
	phone TEXT COLLATE "C",
	email TEXT COLLATE "C",
	received_on DATE,
	nature TEXT COLLATE "C",
	department TEXT COLLATE "C",
	facts TEXT COLLATE "C",
	civic TEXT COLLATE "C",
	street TEXT COLLATE "C",
	place_note TEXT COLLATE "C",
	file TEXT COLLATE "C",
	reason TEXT COLLATE "C",
	judged_at TIMESTAMP WITH TIME ZONE,
	judged_by TEXT COLLATE "C",
	CONSTRAINT pk_field_reports PRIMARY KEY (id),
	CONSTRAINT fk_field_reports_author FOREIGN KEY(author) REFERENCES accounts (id),
	CONSTRAINT fk_field_reports_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT fk_field_reports_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_field_reports_judged_by FOREIGN KEY(judged_by) REFERENCES accounts (id),
	CONSTRAINT uq_field_reports_token UNIQUE (token)
);

CREATE INDEX ix_field_reports_author_sent_at ON field_reports (author, sent_at);

CREATE INDEX ix_field_reports_file ON field_reports (file);

CREATE INDEX ix_field_reports_state_sent_at ON field_reports (state, sent_at);

ALTER TABLE mails ADD COLUMN again_of TEXT COLLATE "C";

ALTER TABLE mails ADD COLUMN again_by TEXT COLLATE "C" CONSTRAINT fk_mails_again_by REFERENCES accounts (id);

ALTER TABLE mails ADD COLUMN again_why TEXT COLLATE "C";

CREATE TABLE survey_answers (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	received_on DATE NOT NULL,
	satisfaction BIGINT NOT NULL,
	words TEXT COLLATE "C",
	brought_by TEXT COLLATE "C",
	CONSTRAINT pk_survey_answers PRIMARY KEY (id),
	CONSTRAINT fk_survey_answers_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_survey_answers_brought_by FOREIGN KEY(brought_by) REFERENCES accounts (id)
);

CREATE INDEX ix_survey_answers_file ON survey_answers (file);

CREATE INDEX ix_survey_answers_received_on ON survey_answers (received_on);

CREATE TABLE tellings (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	text TEXT COLLATE "C",
	written_by TEXT COLLATE "C",
	written_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	once TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_tellings PRIMARY KEY (id),
	CONSTRAINT fk_tellings_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_tellings_written_by FOREIGN KEY(written_by) REFERENCES accounts (id),
	CONSTRAINT uq_tellings_once UNIQUE (once)
);

CREATE INDEX ix_tellings_file ON tellings (file);

CREATE TABLE thanks (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	employee TEXT COLLATE "C",
	employee_name TEXT COLLATE "C",
	words TEXT COLLATE "C",
	CONSTRAINT pk_thanks PRIMARY KEY (id),
	CONSTRAINT fk_thanks_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_thanks_employee FOREIGN KEY(employee) REFERENCES accounts (id),
	CONSTRAINT uq_thanks_file UNIQUE (file)
);

CREATE INDEX ix_thanks_employee ON thanks (employee);

CREATE TABLE watch (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_on DATE NOT NULL,
	network TEXT COLLATE "C" NOT NULL,
	address TEXT COLLATE "C",
	words TEXT COLLATE "C",
	done TEXT COLLATE "C" NOT NULL,
	file TEXT COLLATE "C",
	noted_by TEXT COLLATE "C",
	token TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_watch PRIMARY KEY (id),
	CONSTRAINT fk_watch_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_watch_noted_by FOREIGN KEY(noted_by) REFERENCES accounts (id),
	CONSTRAINT uq_watch_token UNIQUE (token)
);

CREATE INDEX ix_watch_file ON watch (file);

CREATE INDEX ix_watch_seen_on ON watch (seen_on);

CREATE TABLE proofs (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	telling TEXT COLLATE "C",
	state TEXT COLLATE "C" NOT NULL,
	asked_by TEXT COLLATE "C",
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	reason TEXT COLLATE "C",
	read_by TEXT COLLATE "C",
	read_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_proofs PRIMARY KEY (id),
	CONSTRAINT fk_proofs_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_proofs_telling FOREIGN KEY(telling) REFERENCES tellings (id),
	CONSTRAINT fk_proofs_asked_by FOREIGN KEY(asked_by) REFERENCES accounts (id),
	CONSTRAINT fk_proofs_read_by FOREIGN KEY(read_by) REFERENCES accounts (id)
);

CREATE INDEX ix_proofs_file ON proofs (file);

CREATE INDEX ix_proofs_state ON proofs (state);
