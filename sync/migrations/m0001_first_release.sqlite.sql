CREATE TABLE accounts (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	extension TEXT,
	roles JSON NOT NULL,
	departments JSON NOT NULL,
	password TEXT,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_accounts PRIMARY KEY (id),
	CONSTRAINT uq_accounts_email UNIQUE (email)
);

CREATE TABLE citizens (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT,
	phone TEXT,
	phone_digits TEXT,
	email TEXT,
	civic TEXT,
	street TEXT,
	city TEXT,
	postal_code TEXT,
	CONSTRAINT pk_citizens PRIMARY KEY (id)
);

CREATE INDEX ix_citizens_phone_digits ON citizens (phone_digits);

CREATE TABLE closings (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	day DATE NOT NULL,
	label TEXT NOT NULL,
	open BOOLEAN NOT NULL,
	CONSTRAINT pk_closings PRIMARY KEY (id),
	CONSTRAINT uq_closings_day UNIQUE (day)
);

CREATE TABLE codes (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	code TEXT NOT NULL,
	label TEXT NOT NULL,
	met BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_codes PRIMARY KEY (id),
	CONSTRAINT uq_codes_code UNIQUE (code)
);

CREATE TABLE council (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	district TEXT,
	starts_on DATE,
	ends_on DATE,
	CONSTRAINT pk_council PRIMARY KEY (id)
);

CREATE TABLE departments (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	circuit TEXT NOT NULL,
	closer TEXT NOT NULL,
	email TEXT,
	rank BIGINT,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_departments PRIMARY KEY (id),
	CONSTRAINT uq_departments_name UNIQUE (name)
);

CREATE TABLE history (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	table_name TEXT NOT NULL,
	record TEXT NOT NULL,
	rank BIGINT NOT NULL,
	kind TEXT NOT NULL,
	at DATETIME NOT NULL,
	who TEXT NOT NULL,
	name TEXT NOT NULL,
	whence TEXT NOT NULL,
	act TEXT NOT NULL,
	changes TEXT NOT NULL,
	salt BLOB,
	remains TEXT,
	digest BLOB NOT NULL,
	CONSTRAINT uq_history_table_name_record_rank UNIQUE (table_name, record, rank)
);

CREATE TABLE list_runs (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	kind TEXT NOT NULL,
	month TEXT NOT NULL,
	due_on DATE NOT NULL,
	outcome TEXT NOT NULL,
	drawn_at DATETIME NOT NULL,
	why JSON,
	note TEXT,
	CONSTRAINT pk_list_runs PRIMARY KEY (id),
	CONSTRAINT uq_list_runs_kind_month UNIQUE (kind, month)
);

CREATE TABLE rules (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	valid_from DATE NOT NULL,
	article TEXT NOT NULL,
	CONSTRAINT pk_rules PRIMARY KEY (id),
	CONSTRAINT uq_rules_name_valid_from UNIQUE (name, valid_from)
);

CREATE TABLE seals (
	number BIGINT NOT NULL,
	at DATETIME NOT NULL,
	up_to BIGINT NOT NULL,
	entries BIGINT NOT NULL,
	key_id TEXT NOT NULL,
	mac BLOB NOT NULL,
	CONSTRAINT pk_seals PRIMARY KEY (number)
);

CREATE TABLE search_docs (
	doc INTEGER NOT NULL,
	table_name TEXT NOT NULL,
	record TEXT NOT NULL,
	listed TEXT NOT NULL,
	work TEXT NOT NULL,
	internal TEXT NOT NULL,
	identity TEXT NOT NULL,
	CONSTRAINT pk_search_docs PRIMARY KEY (doc),
	CONSTRAINT uq_search_docs_table_name_record UNIQUE (table_name, record)
);

CREATE INDEX ix_search_docs_table_name_doc ON search_docs (table_name, doc);

CREATE TABLE search_words (
	table_name TEXT NOT NULL,
	word TEXT NOT NULL,
	doc BIGINT NOT NULL,
	sight BIGINT NOT NULL,
	CONSTRAINT pk_search_words PRIMARY KEY (table_name, word, doc, sight)
)
 WITHOUT ROWID;

CREATE TABLE series (
	series TEXT NOT NULL,
	year BIGINT NOT NULL,
	last BIGINT NOT NULL,
	CONSTRAINT pk_series PRIMARY KEY (series, year)
);

CREATE TABLE sign_ins (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	email TEXT NOT NULL,
	address TEXT,
	succeeded BOOLEAN NOT NULL,
	tried_at DATETIME NOT NULL,
	CONSTRAINT pk_sign_ins PRIMARY KEY (id)
);

CREATE INDEX ix_sign_ins_address ON sign_ins (address);

CREATE INDEX ix_sign_ins_email ON sign_ins (email);

CREATE INDEX ix_sign_ins_tried_at ON sign_ins (tried_at);

CREATE TABLE categories (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name TEXT NOT NULL,
	department TEXT,
	priority TEXT NOT NULL,
	nature TEXT,
	keywords TEXT,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_categories PRIMARY KEY (id),
	CONSTRAINT fk_categories_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT uq_categories_name UNIQUE (name)
);

CREATE TABLE designations (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	department TEXT NOT NULL,
	duty TEXT NOT NULL,
	director TEXT,
	person TEXT NOT NULL,
	email TEXT NOT NULL,
	extension TEXT,
	starts_on DATE NOT NULL,
	ends_on DATE,
	signed_on DATE,
	employee_signed BOOLEAN,
	director_signed BOOLEAN,
	CONSTRAINT pk_designations PRIMARY KEY (id),
	CONSTRAINT fk_designations_department FOREIGN KEY(department) REFERENCES departments (id)
);

CREATE INDEX ix_designations_department ON designations (department);

CREATE TABLE drafts (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	account TEXT NOT NULL,
	record TEXT NOT NULL,
	field TEXT NOT NULL,
	value JSON,
	based_on JSON,
	typed_at DATETIME NOT NULL,
	CONSTRAINT pk_drafts PRIMARY KEY (id),
	CONSTRAINT fk_drafts_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_drafts_account_record_field UNIQUE (account, record, field)
);

CREATE TABLE sessions (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	token_hash TEXT NOT NULL,
	account TEXT NOT NULL,
	expires_at DATETIME NOT NULL,
	ended_at DATETIME,
	CONSTRAINT pk_sessions PRIMARY KEY (id),
	CONSTRAINT fk_sessions_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_sessions_account ON sessions (account);

CREATE TABLE delays (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	category TEXT NOT NULL,
	valid_from DATE NOT NULL,
	season_start TEXT,
	season_end TEXT,
	working_days BIGINT,
	CONSTRAINT pk_delays PRIMARY KEY (id),
	CONSTRAINT fk_delays_category FOREIGN KEY(category) REFERENCES categories (id)
);

CREATE INDEX ix_delays_category_valid_from ON delays (category, valid_from);

CREATE TABLE files (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	number TEXT NOT NULL,
	nature TEXT NOT NULL,
	channel TEXT NOT NULL,
	forwarded_by TEXT,
	received_at DATETIME NOT NULL,
	category TEXT,
	department TEXT,
	priority TEXT NOT NULL,
	civic TEXT,
	street TEXT,
	sector TEXT,
	place_note TEXT,
	facts TEXT NOT NULL,
	citizen TEXT,
	anonymous BOOLEAN NOT NULL,
	first_contact BOOLEAN NOT NULL,
	intake_token TEXT,
	source_id TEXT,
	duplicate_of TEXT,
	state TEXT NOT NULL,
	planned_on DATE,
	wait_reason TEXT,
	wait_words TEXT,
	next_action TEXT,
	complex BOOLEAN NOT NULL,
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
	open BOOLEAN NOT NULL,
	queue_rank BIGINT NOT NULL,
	queue_day DATE NOT NULL,
	moved_at DATETIME,
	CONSTRAINT pk_files PRIMARY KEY (id),
	CONSTRAINT fk_files_forwarded_by FOREIGN KEY(forwarded_by) REFERENCES council (id),
	CONSTRAINT fk_files_category FOREIGN KEY(category) REFERENCES categories (id),
	CONSTRAINT fk_files_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT fk_files_citizen FOREIGN KEY(citizen) REFERENCES citizens (id),
	CONSTRAINT fk_files_duplicate_of FOREIGN KEY(duplicate_of) REFERENCES files (id),
	CONSTRAINT fk_files_code FOREIGN KEY(code) REFERENCES codes (id),
	CONSTRAINT fk_files_closed_by FOREIGN KEY(closed_by) REFERENCES accounts (id),
	CONSTRAINT uq_files_number UNIQUE (number),
	CONSTRAINT uq_files_intake_token UNIQUE (intake_token),
	CONSTRAINT uq_files_source_id UNIQUE (source_id)
);

CREATE INDEX ix_files_acknowledged_at_ack_due_at ON files (acknowledged_at, ack_due_at);

CREATE INDEX ix_files_citizen ON files (citizen);

CREATE INDEX ix_files_completed_at ON files (completed_at);

CREATE INDEX ix_files_department_completed_at ON files (department, completed_at);

CREATE INDEX ix_files_department_open_closed_at_id ON files (department, open, closed_at, id);

CREATE INDEX ix_files_department_open_queue_rank_queue_day_received_at_id_nature_state_category_moved_at_duplicate_of ON files (department, open, queue_rank, queue_day, received_at, id, nature, state, category, moved_at, duplicate_of);

CREATE INDEX ix_files_duplicate_of ON files (duplicate_of);

CREATE INDEX ix_files_forwarded_by ON files (forwarded_by);

CREATE INDEX ix_files_open_closed_at_id ON files (open, closed_at, id);

CREATE INDEX ix_files_open_queue_rank_queue_day_received_at_id_nature_state_category_moved_at_duplicate_of ON files (open, queue_rank, queue_day, received_at, id, nature, state, category, moved_at, duplicate_of);

CREATE INDEX ix_files_received_at ON files (received_at);

CREATE INDEX ix_files_street_civic ON files (street, civic);

CREATE TABLE answers (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	month TEXT NOT NULL,
	department TEXT NOT NULL,
	answer TEXT NOT NULL,
	words TEXT,
	answered_at DATETIME NOT NULL,
	answered_by TEXT,
	CONSTRAINT pk_answers PRIMARY KEY (id),
	CONSTRAINT fk_answers_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_answers_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT fk_answers_answered_by FOREIGN KEY(answered_by) REFERENCES accounts (id),
	CONSTRAINT uq_answers_file_month UNIQUE (file, month)
);

CREATE INDEX ix_answers_month_department ON answers (month, department);

CREATE TABLE mails (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	kind TEXT NOT NULL,
	"key" TEXT NOT NULL,
	file TEXT,
	run TEXT,
	to_name TEXT,
	to_address TEXT NOT NULL,
	subject TEXT NOT NULL,
	message_id TEXT NOT NULL,
	message BLOB NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	next_try_at DATETIME,
	claimed_by TEXT,
	claimed_until DATETIME,
	sent_at DATETIME,
	doubtful BOOLEAN NOT NULL,
	late BOOLEAN NOT NULL,
	error TEXT,
	CONSTRAINT pk_mails PRIMARY KEY (id),
	CONSTRAINT fk_mails_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_mails_run FOREIGN KEY(run) REFERENCES list_runs (id),
	CONSTRAINT uq_mails_key UNIQUE ("key"),
	CONSTRAINT uq_mails_message_id UNIQUE (message_id)
);

CREATE INDEX ix_mails_file ON mails (file);

CREATE INDEX ix_mails_kind_sent_at ON mails (kind, sent_at);

CREATE INDEX ix_mails_run ON mails (run);

CREATE INDEX ix_mails_state_next_try_at ON mails (state, next_try_at);

CREATE TABLE notices (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	department TEXT NOT NULL,
	urgent BOOLEAN NOT NULL,
	routed_at DATETIME NOT NULL,
	mailed_at DATETIME,
	CONSTRAINT pk_notices PRIMARY KEY (id),
	CONSTRAINT fk_notices_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_notices_department FOREIGN KEY(department) REFERENCES departments (id)
);

CREATE INDEX ix_notices_file ON notices (file);

CREATE INDEX ix_notices_mailed_at_routed_at ON notices (mailed_at, routed_at);

CREATE TABLE pauses (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	file TEXT NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE,
	CONSTRAINT pk_pauses PRIMARY KEY (id),
	CONSTRAINT fk_pauses_file FOREIGN KEY(file) REFERENCES files (id)
);

CREATE INDEX ix_pauses_file ON pauses (file);

CREATE TABLE tasks (
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	kind TEXT NOT NULL,
	"key" TEXT NOT NULL,
	file TEXT,
	words TEXT,
	due_at DATETIME,
	done_at DATETIME,
	done_by TEXT,
	CONSTRAINT pk_tasks PRIMARY KEY (id),
	CONSTRAINT fk_tasks_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_tasks_done_by FOREIGN KEY(done_by) REFERENCES accounts (id),
	CONSTRAINT uq_tasks_key UNIQUE ("key")
);

CREATE INDEX ix_tasks_done_at_due_at ON tasks (done_at, due_at);

CREATE INDEX ix_tasks_file ON tasks (file);
