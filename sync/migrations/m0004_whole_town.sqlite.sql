CREATE TABLE import_matchings (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	headers TEXT NOT NULL,
	matching JSON NOT NULL,
	used_at DATETIME NOT NULL,
	CONSTRAINT pk_import_matchings PRIMARY KEY (id),
	CONSTRAINT uq_import_matchings_headers UNIQUE (headers)
);

CREATE TABLE keeping_terms (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	kind TEXT NOT NULL,
	valid_from DATE NOT NULL,
	months BIGINT,
	schedule TEXT,
	article TEXT NOT NULL,
	CONSTRAINT pk_keeping_terms PRIMARY KEY (id),
	CONSTRAINT uq_keeping_terms_kind_valid_from UNIQUE (kind, valid_from)
);

CREATE TABLE nights (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	work TEXT NOT NULL,
	day DATE NOT NULL,
	state TEXT NOT NULL,
	claimed_by TEXT,
	claimed_until DATETIME,
	done_at DATETIME,
	next_try_at DATETIME,
	words TEXT,
	CONSTRAINT pk_nights PRIMARY KEY (id),
	CONSTRAINT uq_nights_work_day UNIQUE (work, day)
);

CREATE TABLE private_bases (
	name TEXT NOT NULL,
	stamp TEXT NOT NULL,
	home TEXT,
	memory TEXT,
	reserved BIGINT DEFAULT '0' NOT NULL,
	ready_at DATETIME,
	looked_at DATETIME,
	listed_at DATETIME,
	agreed_at DATETIME,
	failing_since DATETIME,
	silent_until DATETIME,
	asked_until DATETIME,
	error TEXT,
	leased_to TEXT,
	leased_until DATETIME,
	CONSTRAINT pk_private_bases PRIMARY KEY (name)
);

CREATE TABLE private_links (
	base TEXT NOT NULL,
	table_name TEXT NOT NULL,
	record TEXT NOT NULL,
	"key" TEXT,
	told TEXT DEFAULT '{}' NOT NULL,
	put_back TEXT DEFAULT '{}' NOT NULL,
	leaving BOOLEAN DEFAULT 0 NOT NULL,
	open BOOLEAN DEFAULT 1 NOT NULL,
	absences BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_private_links PRIMARY KEY (base, table_name, record)
);

CREATE TABLE pulses (
	what TEXT NOT NULL,
	beat_at DATETIME NOT NULL,
	troubled BOOLEAN NOT NULL,
	CONSTRAINT pk_pulses PRIMARY KEY (what)
);

CREATE TABLE recounts (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	stamp TEXT NOT NULL,
	reached TEXT,
	total BIGINT NOT NULL,
	done BIGINT NOT NULL,
	moved BIGINT NOT NULL,
	started_at DATETIME NOT NULL,
	ended_at DATETIME,
	CONSTRAINT pk_recounts PRIMARY KEY (id),
	CONSTRAINT uq_recounts_stamp UNIQUE (stamp)
);

ALTER TABLE remotes ADD COLUMN asked_until DATETIME;

ALTER TABLE remotes ADD COLUMN named_at DATETIME;

ALTER TABLE remotes ADD COLUMN home TEXT;

ALTER TABLE remotes ADD COLUMN place TEXT;

ALTER TABLE remotes ADD COLUMN held_since DATETIME;

ALTER TABLE remotes ADD COLUMN identity BOOLEAN;

CREATE TABLE settling (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	field TEXT NOT NULL,
	value JSON,
	who TEXT NOT NULL,
	CONSTRAINT pk_settling PRIMARY KEY (id),
	CONSTRAINT uq_settling_field UNIQUE (field)
);

CREATE TABLE staged_citizens (
	lot TEXT NOT NULL,
	line BIGINT NOT NULL,
	id TEXT,
	version BIGINT,
	created_at DATETIME,
	updated_at DATETIME,
	name TEXT,
	phone TEXT,
	phone_digits TEXT,
	email TEXT,
	civic TEXT,
	street TEXT,
	city TEXT,
	postal_code TEXT,
	brought_in TEXT
);

CREATE INDEX ix_staged_citizens_lot_line ON staged_citizens (lot, line);

CREATE TABLE staged_files (
	lot TEXT NOT NULL,
	line BIGINT NOT NULL,
	id TEXT,
	version BIGINT,
	created_at DATETIME,
	updated_at DATETIME,
	number TEXT,
	nature TEXT,
	channel TEXT,
	forwarded_by TEXT,
	received_at DATETIME,
	category TEXT,
	department TEXT,
	priority TEXT,
	civic TEXT,
	street TEXT,
	sector TEXT,
	place_note TEXT,
	facts TEXT,
	citizen TEXT,
	anonymous BOOLEAN,
	first_contact BOOLEAN,
	intake_token TEXT,
	source_id TEXT,
	brought_in TEXT,
	duplicate_of TEXT,
	state TEXT,
	planned_on DATE,
	wait_reason TEXT,
	wait_words TEXT,
	next_action TEXT,
	complex BOOLEAN,
	last_reason TEXT,
	code TEXT,
	done_on DATE,
	done_extension TEXT,
	note TEXT,
	citizen_text TEXT,
	completed_at DATETIME,
	closed_at DATETIME,
	first_closed_at DATETIME,
	closed_by TEXT,
	reopened_at DATETIME,
	target_on DATE,
	target_why JSON,
	ack_due_at DATETIME,
	ack_why JSON,
	acknowledged_at DATETIME,
	open BOOLEAN,
	queue_rank BIGINT,
	queue_day DATE,
	moved_at DATETIME
);

CREATE INDEX ix_staged_files_lot_line ON staged_files (lot, line);

CREATE TABLE staged_history (
	lot TEXT NOT NULL,
	line BIGINT NOT NULL,
	table_name TEXT,
	record TEXT,
	rank BIGINT,
	kind TEXT,
	at DATETIME,
	who TEXT,
	name TEXT,
	whence TEXT,
	act TEXT,
	changes TEXT,
	salt BLOB,
	remains TEXT,
	digest BLOB
);

CREATE INDEX ix_staged_history_lot_line ON staged_history (lot, line);

CREATE TABLE staged_pauses (
	lot TEXT NOT NULL,
	line BIGINT NOT NULL,
	id TEXT,
	version BIGINT,
	created_at DATETIME,
	updated_at DATETIME,
	file TEXT,
	starts_on DATE,
	ends_on DATE
);

CREATE INDEX ix_staged_pauses_lot_line ON staged_pauses (lot, line);

ALTER TABLE tombstones ADD COLUMN outline BOOLEAN;

ALTER TABLE designations ADD COLUMN account TEXT CONSTRAINT fk_designations_account REFERENCES accounts (id);

CREATE INDEX ix_designations_account ON designations (account);

CREATE TABLE guides (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	department TEXT,
	keywords TEXT,
	words TEXT,
	body TEXT,
	phone TEXT,
	email TEXT,
	link TEXT,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_guides PRIMARY KEY (id),
	CONSTRAINT fk_guides_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT uq_guides_name UNIQUE (name)
);

CREATE TABLE imports (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	digest TEXT NOT NULL,
	state TEXT NOT NULL,
	sheets JSON,
	sheet TEXT,
	header_line BIGINT NOT NULL,
	headers JSON,
	rows BIGINT NOT NULL,
	matching JSON,
	remembered BOOLEAN NOT NULL,
	fits BIGINT NOT NULL,
	known BIGINT NOT NULL,
	wrong BIGINT NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	numbers JSON,
	claimed_by TEXT,
	claimed_until DATETIME,
	attempts BIGINT NOT NULL,
	trouble TEXT,
	added BIGINT NOT NULL,
	left_aside BIGINT NOT NULL,
	withdrawn BIGINT NOT NULL,
	received_by TEXT,
	received_name TEXT NOT NULL,
	received_at DATETIME NOT NULL,
	asked_by TEXT,
	asked_name TEXT,
	asked_at DATETIME,
	finished_at DATETIME,
	undone_by TEXT,
	undone_name TEXT,
	undone_at DATETIME,
	cleared BOOLEAN NOT NULL,
	CONSTRAINT pk_imports PRIMARY KEY (id),
	CONSTRAINT fk_imports_received_by FOREIGN KEY(received_by) REFERENCES accounts (id)
);

CREATE INDEX ix_imports_state ON imports (state);

CREATE TABLE keepings (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	number TEXT NOT NULL,
	closed_on DATE NOT NULL,
	rule TEXT NOT NULL,
	state TEXT NOT NULL,
	found_on DATE NOT NULL,
	agreed_at DATETIME,
	agreed_by TEXT,
	done_at DATETIME,
	why_not TEXT,
	CONSTRAINT pk_keepings PRIMARY KEY (id),
	CONSTRAINT fk_keepings_agreed_by FOREIGN KEY(agreed_by) REFERENCES accounts (id),
	CONSTRAINT uq_keepings_kind_record UNIQUE (kind, record)
);

CREATE INDEX ix_keepings_state_kind_id ON keepings (state, kind, id);

CREATE TABLE legal_holds (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	sealed_key TEXT NOT NULL,
	"of" TEXT NOT NULL,
	record TEXT NOT NULL,
	number TEXT,
	placed_at DATETIME NOT NULL,
	placed_by TEXT,
	lifted_at DATETIME,
	lifted_by TEXT,
	reason TEXT,
	lifted_why TEXT,
	CONSTRAINT pk_legal_holds PRIMARY KEY (id),
	CONSTRAINT fk_legal_holds_placed_by FOREIGN KEY(placed_by) REFERENCES accounts (id),
	CONSTRAINT fk_legal_holds_lifted_by FOREIGN KEY(lifted_by) REFERENCES accounts (id)
);

CREATE INDEX ix_legal_holds_record ON legal_holds (record);

CREATE TABLE presences (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	account TEXT NOT NULL,
	presence TEXT NOT NULL,
	until DATETIME,
	said_at DATETIME NOT NULL,
	CONSTRAINT pk_presences PRIMARY KEY (id),
	CONSTRAINT fk_presences_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_presences_account UNIQUE (account)
);

CREATE TABLE report_photos (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	token TEXT NOT NULL,
	added_by TEXT NOT NULL,
	added_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	once TEXT NOT NULL,
	content BLOB NOT NULL,
	CONSTRAINT pk_report_photos PRIMARY KEY (id),
	CONSTRAINT fk_report_photos_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT uq_report_photos_once UNIQUE (once)
);

CREATE INDEX ix_report_photos_token ON report_photos (token);

CREATE TABLE trials (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	kind TEXT NOT NULL,
	account TEXT NOT NULL,
	asked_at DATETIME NOT NULL,
	taken_at DATETIME,
	ended_at DATETIME,
	went_well BOOLEAN,
	words TEXT,
	CONSTRAINT pk_trials PRIMARY KEY (id),
	CONSTRAINT fk_trials_account FOREIGN KEY(account) REFERENCES accounts (id)
);

CREATE INDEX ix_trials_ended_at_asked_at ON trials (ended_at, asked_at);

CREATE TABLE answer_templates (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	category TEXT,
	state TEXT,
	words TEXT NOT NULL,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_answer_templates PRIMARY KEY (id),
	CONSTRAINT fk_answer_templates_category FOREIGN KEY(category) REFERENCES categories (id),
	CONSTRAINT uq_answer_templates_name UNIQUE (name)
);

ALTER TABLE citizens ADD COLUMN brought_in TEXT CONSTRAINT fk_citizens_brought_in REFERENCES imports (id);

CREATE INDEX ix_citizens_brought_in ON citizens (brought_in);

CREATE TABLE import_asides (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	lot TEXT NOT NULL,
	line BIGINT NOT NULL,
	number TEXT,
	header TEXT,
	value TEXT,
	why TEXT NOT NULL,
	CONSTRAINT pk_import_asides PRIMARY KEY (id),
	CONSTRAINT fk_import_asides_lot FOREIGN KEY(lot) REFERENCES imports (id)
);

CREATE INDEX ix_import_asides_lot_line ON import_asides (lot, line);

CREATE TABLE import_contents (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	lot TEXT NOT NULL,
	content BLOB NOT NULL,
	profile JSON,
	CONSTRAINT pk_import_contents PRIMARY KEY (id),
	CONSTRAINT fk_import_contents_lot FOREIGN KEY(lot) REFERENCES imports (id),
	CONSTRAINT uq_import_contents_lot UNIQUE (lot)
);

CREATE TABLE import_parts (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	lot TEXT NOT NULL,
	rank BIGINT NOT NULL,
	rows JSON NOT NULL,
	CONSTRAINT pk_import_parts PRIMARY KEY (id),
	CONSTRAINT fk_import_parts_lot FOREIGN KEY(lot) REFERENCES imports (id),
	CONSTRAINT uq_import_parts_lot_rank UNIQUE (lot, rank)
);

CREATE TABLE signed_forms (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	designation TEXT NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	added_by TEXT,
	added_at DATETIME NOT NULL,
	"before" JSON,
	removed_at DATETIME,
	removed_by TEXT,
	removed_why TEXT,
	CONSTRAINT pk_signed_forms PRIMARY KEY (id),
	CONSTRAINT fk_signed_forms_designation FOREIGN KEY(designation) REFERENCES designations (id),
	CONSTRAINT fk_signed_forms_added_by FOREIGN KEY(added_by) REFERENCES accounts (id),
	CONSTRAINT fk_signed_forms_removed_by FOREIGN KEY(removed_by) REFERENCES accounts (id)
);

CREATE INDEX ix_signed_forms_designation ON signed_forms (designation);

ALTER TABLE files ADD COLUMN brought_in TEXT CONSTRAINT fk_files_brought_in REFERENCES imports (id);

CREATE INDEX ix_files_brought_in ON files (brought_in);

CREATE TABLE signed_form_contents (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	form TEXT NOT NULL,
	content BLOB NOT NULL,
	CONSTRAINT pk_signed_form_contents PRIMARY KEY (id),
	CONSTRAINT fk_signed_form_contents_form FOREIGN KEY(form) REFERENCES signed_forms (id),
	CONSTRAINT uq_signed_form_contents_form UNIQUE (form)
);

ALTER TABLE answers ADD COLUMN in_name_of TEXT;

CREATE TABLE contacts (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	at DATETIME NOT NULL,
	channel TEXT NOT NULL,
	words TEXT NOT NULL,
	citizen TEXT,
	noted_by TEXT,
	token TEXT NOT NULL,
	CONSTRAINT pk_contacts PRIMARY KEY (id),
	CONSTRAINT fk_contacts_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_contacts_citizen FOREIGN KEY(citizen) REFERENCES citizens (id),
	CONSTRAINT fk_contacts_noted_by FOREIGN KEY(noted_by) REFERENCES accounts (id),
	CONSTRAINT uq_contacts_token UNIQUE (token)
);

CREATE INDEX ix_contacts_citizen ON contacts (citizen);

CREATE INDEX ix_contacts_file ON contacts (file);

CREATE TABLE field_reports (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	token TEXT NOT NULL,
	author TEXT NOT NULL,
	sent_at DATETIME NOT NULL,
	state TEXT NOT NULL,
	name TEXT,
	home_civic TEXT,
	home_street TEXT,
	home_city TEXT,
	home_postal_code TEXT,
	phone TEXT,
	email TEXT,
	received_on DATE,
	nature TEXT,
	department TEXT,
	facts TEXT,
	civic TEXT,
	street TEXT,
	place_note TEXT,
	file TEXT,
	reason TEXT,
	judged_at DATETIME,
	judged_by TEXT,
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

ALTER TABLE mails ADD COLUMN again_of TEXT;

ALTER TABLE mails ADD COLUMN again_by TEXT CONSTRAINT fk_mails_again_by REFERENCES accounts (id);

ALTER TABLE mails ADD COLUMN again_why TEXT;

CREATE TABLE survey_answers (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	received_on DATE NOT NULL,
	satisfaction BIGINT NOT NULL,
	words TEXT,
	brought_by TEXT,
	CONSTRAINT pk_survey_answers PRIMARY KEY (id),
	CONSTRAINT fk_survey_answers_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_survey_answers_brought_by FOREIGN KEY(brought_by) REFERENCES accounts (id)
);

CREATE INDEX ix_survey_answers_file ON survey_answers (file);

CREATE INDEX ix_survey_answers_received_on ON survey_answers (received_on);

CREATE TABLE tellings (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	state TEXT NOT NULL,
	text TEXT,
	written_by TEXT,
	written_at DATETIME NOT NULL,
	sent_at DATETIME,
	once TEXT NOT NULL,
	CONSTRAINT pk_tellings PRIMARY KEY (id),
	CONSTRAINT fk_tellings_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_tellings_written_by FOREIGN KEY(written_by) REFERENCES accounts (id),
	CONSTRAINT uq_tellings_once UNIQUE (once)
);

CREATE INDEX ix_tellings_file ON tellings (file);

CREATE TABLE thanks (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	employee TEXT,
	employee_name TEXT,
	words TEXT,
	CONSTRAINT pk_thanks PRIMARY KEY (id),
	CONSTRAINT fk_thanks_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_thanks_employee FOREIGN KEY(employee) REFERENCES accounts (id),
	CONSTRAINT uq_thanks_file UNIQUE (file)
);

CREATE INDEX ix_thanks_employee ON thanks (employee);

CREATE TABLE watch (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	seen_on DATE NOT NULL,
	network TEXT NOT NULL,
	address TEXT,
	words TEXT,
	done TEXT NOT NULL,
	file TEXT,
	noted_by TEXT,
	token TEXT NOT NULL,
	CONSTRAINT pk_watch PRIMARY KEY (id),
	CONSTRAINT fk_watch_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_watch_noted_by FOREIGN KEY(noted_by) REFERENCES accounts (id),
	CONSTRAINT uq_watch_token UNIQUE (token)
);

CREATE INDEX ix_watch_file ON watch (file);

CREATE INDEX ix_watch_seen_on ON watch (seen_on);

CREATE TABLE proofs (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	telling TEXT,
	state TEXT NOT NULL,
	asked_by TEXT,
	asked_at DATETIME NOT NULL,
	reason TEXT,
	read_by TEXT,
	read_at DATETIME,
	CONSTRAINT pk_proofs PRIMARY KEY (id),
	CONSTRAINT fk_proofs_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_proofs_telling FOREIGN KEY(telling) REFERENCES tellings (id),
	CONSTRAINT fk_proofs_asked_by FOREIGN KEY(asked_by) REFERENCES accounts (id),
	CONSTRAINT fk_proofs_read_by FOREIGN KEY(read_by) REFERENCES accounts (id)
);

CREATE INDEX ix_proofs_file ON proofs (file);

CREATE INDEX ix_proofs_state ON proofs (state);
