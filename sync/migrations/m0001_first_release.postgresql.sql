CREATE TABLE accounts (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	email TEXT COLLATE "C" NOT NULL,
	extension TEXT COLLATE "C",
	roles JSONB NOT NULL,
	departments JSONB NOT NULL,
	password TEXT COLLATE "C",
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_accounts PRIMARY KEY (id),
	CONSTRAINT uq_accounts_email UNIQUE (email)
);

CREATE TABLE citizens (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C",
	phone TEXT COLLATE "C",
	phone_digits TEXT COLLATE "C",
	email TEXT COLLATE "C",
	civic TEXT COLLATE "C",
	street TEXT COLLATE "C",
	city TEXT COLLATE "C",
	postal_code TEXT COLLATE "C",
	CONSTRAINT pk_citizens PRIMARY KEY (id)
);

CREATE INDEX ix_citizens_phone_digits ON citizens (phone_digits);

CREATE TABLE closings (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	day DATE NOT NULL,
	label TEXT COLLATE "C" NOT NULL,
	open BOOLEAN NOT NULL,
	CONSTRAINT pk_closings PRIMARY KEY (id),
	CONSTRAINT uq_closings_day UNIQUE (day)
);

CREATE TABLE codes (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	label TEXT COLLATE "C" NOT NULL,
	met BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_codes PRIMARY KEY (id),
	CONSTRAINT uq_codes_code UNIQUE (code)
);

CREATE TABLE council (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	email TEXT COLLATE "C" NOT NULL,
	district TEXT COLLATE "C",
	starts_on DATE,
	ends_on DATE,
	CONSTRAINT pk_council PRIMARY KEY (id)
);

CREATE TABLE departments (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	circuit TEXT COLLATE "C" NOT NULL,
	closer TEXT COLLATE "C" NOT NULL,
	email TEXT COLLATE "C",
	rank BIGINT,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_departments PRIMARY KEY (id),
	CONSTRAINT uq_departments_name UNIQUE (name)
);

CREATE TABLE history (
	seq BIGSERIAL NOT NULL,
	table_name TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	rank BIGINT NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	who TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	whence TEXT COLLATE "C" NOT NULL,
	act TEXT COLLATE "C" NOT NULL,
	changes TEXT COLLATE "C" NOT NULL,
	salt BYTEA,
	remains TEXT COLLATE "C",
	digest BYTEA NOT NULL,
	CONSTRAINT pk_history PRIMARY KEY (seq),
	CONSTRAINT uq_history_table_name_record_rank UNIQUE (table_name, record, rank)
);

CREATE TABLE list_runs (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	month TEXT COLLATE "C" NOT NULL,
	due_on DATE NOT NULL,
	outcome TEXT COLLATE "C" NOT NULL,
	drawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
	why JSONB,
	note TEXT COLLATE "C",
	CONSTRAINT pk_list_runs PRIMARY KEY (id),
	CONSTRAINT uq_list_runs_kind_month UNIQUE (kind, month)
);

CREATE TABLE rules (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	value TEXT COLLATE "C" NOT NULL,
	valid_from DATE NOT NULL,
	article TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_rules PRIMARY KEY (id),
	CONSTRAINT uq_rules_name_valid_from UNIQUE (name, valid_from)
);

CREATE TABLE seals (
	number BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	up_to BIGINT NOT NULL,
	entries BIGINT NOT NULL,
	key_id TEXT COLLATE "C" NOT NULL,
	mac BYTEA NOT NULL,
	CONSTRAINT pk_seals PRIMARY KEY (number)
);

CREATE TABLE search_docs (
	doc BIGSERIAL NOT NULL,
	table_name TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	listed TEXT COLLATE "C" NOT NULL,
	work TEXT COLLATE "C" NOT NULL,
	internal TEXT COLLATE "C" NOT NULL,
	identity TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_search_docs PRIMARY KEY (doc),
	CONSTRAINT uq_search_docs_table_name_record UNIQUE (table_name, record)
);

CREATE INDEX ix_search_docs_table_name_doc ON search_docs (table_name, doc);

CREATE TABLE search_words (
	table_name TEXT COLLATE "C" NOT NULL,
	word TEXT COLLATE "C" NOT NULL,
	doc BIGINT NOT NULL,
	sight BIGINT NOT NULL,
	CONSTRAINT pk_search_words PRIMARY KEY (table_name, word, doc, sight)
);

CREATE TABLE series (
	series TEXT COLLATE "C" NOT NULL,
	year BIGINT NOT NULL,
	last BIGINT NOT NULL,
	CONSTRAINT pk_series PRIMARY KEY (series, year)
);

CREATE TABLE sign_ins (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	email TEXT COLLATE "C" NOT NULL,
	address TEXT COLLATE "C",
	succeeded BOOLEAN NOT NULL,
	tried_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sign_ins PRIMARY KEY (id)
);

CREATE INDEX ix_sign_ins_address ON sign_ins (address);

CREATE INDEX ix_sign_ins_email ON sign_ins (email);

CREATE INDEX ix_sign_ins_tried_at ON sign_ins (tried_at);

CREATE TABLE categories (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	department TEXT COLLATE "C",
	priority TEXT COLLATE "C" NOT NULL,
	nature TEXT COLLATE "C",
	keywords TEXT COLLATE "C",
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_categories PRIMARY KEY (id),
	CONSTRAINT fk_categories_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT uq_categories_name UNIQUE (name)
);

CREATE TABLE designations (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	department TEXT COLLATE "C" NOT NULL,
	duty TEXT COLLATE "C" NOT NULL,
	director TEXT COLLATE "C",
	person TEXT COLLATE "C" NOT NULL,
	email TEXT COLLATE "C" NOT NULL,
	extension TEXT COLLATE "C",
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
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	field TEXT COLLATE "C" NOT NULL,
	value JSONB,
	based_on JSONB,
	typed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_drafts PRIMARY KEY (id),
	CONSTRAINT fk_drafts_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_drafts_account_record_field UNIQUE (account, record, field)
);

CREATE TABLE sessions (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	token_hash TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_sessions PRIMARY KEY (id),
	CONSTRAINT fk_sessions_account FOREIGN KEY(account) REFERENCES accounts (id),
	CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_sessions_account ON sessions (account);

CREATE TABLE delays (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	category TEXT COLLATE "C" NOT NULL,
	valid_from DATE NOT NULL,
	season_start TEXT COLLATE "C",
	season_end TEXT COLLATE "C",
	working_days BIGINT,
	CONSTRAINT pk_delays PRIMARY KEY (id),
	CONSTRAINT fk_delays_category FOREIGN KEY(category) REFERENCES categories (id)
);

CREATE INDEX ix_delays_category_valid_from ON delays (category, valid_from);

CREATE TABLE files (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	nature TEXT COLLATE "C" NOT NULL,
	channel TEXT COLLATE "C" NOT NULL,
	forwarded_by TEXT COLLATE "C",
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	category TEXT COLLATE "C",
	department TEXT COLLATE "C",
	priority TEXT COLLATE "C" NOT NULL,
	civic TEXT COLLATE "C",
	street TEXT COLLATE "C",
	sector TEXT COLLATE "C",
	place_note TEXT COLLATE "C",
	facts TEXT COLLATE "C" NOT NULL,
	citizen TEXT COLLATE "C",
	anonymous BOOLEAN NOT NULL,
	first_contact BOOLEAN NOT NULL,
	intake_token TEXT COLLATE "C",
	source_id TEXT COLLATE "C",
	duplicate_of TEXT COLLATE "C",
	state TEXT COLLATE "C" NOT NULL,
	planned_on DATE,
	wait_reason TEXT COLLATE "C",
	wait_words TEXT COLLATE "C",
	next_action TEXT COLLATE "C",
	complex BOOLEAN NOT NULL,
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
	open BOOLEAN NOT NULL,
	queue_rank BIGINT NOT NULL,
	queue_day DATE NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE,
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

CREATE INDEX ix_files_department_open_queue_rank_queue_day_received__ba7a ON files (department, open, queue_rank, queue_day, received_at, id, nature, state, category, moved_at, duplicate_of);

CREATE INDEX ix_files_duplicate_of ON files (duplicate_of);

CREATE INDEX ix_files_forwarded_by ON files (forwarded_by);

CREATE INDEX ix_files_open_closed_at_id ON files (open, closed_at, id);

CREATE INDEX ix_files_open_queue_rank_queue_day_received_at_id_natur_2b06 ON files (open, queue_rank, queue_day, received_at, id, nature, state, category, moved_at, duplicate_of);

CREATE INDEX ix_files_received_at ON files (received_at);

CREATE INDEX ix_files_street_civic ON files (street, civic);

CREATE TABLE answers (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	month TEXT COLLATE "C" NOT NULL,
	department TEXT COLLATE "C" NOT NULL,
	answer TEXT COLLATE "C" NOT NULL,
	words TEXT COLLATE "C",
	answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answered_by TEXT COLLATE "C",
	CONSTRAINT pk_answers PRIMARY KEY (id),
	CONSTRAINT fk_answers_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_answers_department FOREIGN KEY(department) REFERENCES departments (id),
	CONSTRAINT fk_answers_answered_by FOREIGN KEY(answered_by) REFERENCES accounts (id),
	CONSTRAINT uq_answers_file_month UNIQUE (file, month)
);

CREATE INDEX ix_answers_month_department ON answers (month, department);

CREATE TABLE mails (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	file TEXT COLLATE "C",
	run TEXT COLLATE "C",
	to_name TEXT COLLATE "C",
	to_address TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	message_id TEXT COLLATE "C" NOT NULL,
	message BYTEA NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	attempts BIGINT NOT NULL,
	next_try_at TIMESTAMP WITH TIME ZONE,
	claimed_by TEXT COLLATE "C",
	claimed_until TIMESTAMP WITH TIME ZONE,
	sent_at TIMESTAMP WITH TIME ZONE,
	doubtful BOOLEAN NOT NULL,
	late BOOLEAN NOT NULL,
	error TEXT COLLATE "C",
	CONSTRAINT pk_mails PRIMARY KEY (id),
	CONSTRAINT fk_mails_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_mails_run FOREIGN KEY(run) REFERENCES list_runs (id),
	CONSTRAINT uq_mails_key UNIQUE (key),
	CONSTRAINT uq_mails_message_id UNIQUE (message_id)
);

CREATE INDEX ix_mails_file ON mails (file);

CREATE INDEX ix_mails_kind_sent_at ON mails (kind, sent_at);

CREATE INDEX ix_mails_run ON mails (run);

CREATE INDEX ix_mails_state_next_try_at ON mails (state, next_try_at);

CREATE TABLE notices (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	department TEXT COLLATE "C" NOT NULL,
	urgent BOOLEAN NOT NULL,
	routed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	mailed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_notices PRIMARY KEY (id),
	CONSTRAINT fk_notices_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_notices_department FOREIGN KEY(department) REFERENCES departments (id)
);

CREATE INDEX ix_notices_file ON notices (file);

CREATE INDEX ix_notices_mailed_at_routed_at ON notices (mailed_at, routed_at);

CREATE TABLE pauses (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	file TEXT COLLATE "C" NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE,
	CONSTRAINT pk_pauses PRIMARY KEY (id),
	CONSTRAINT fk_pauses_file FOREIGN KEY(file) REFERENCES files (id)
);

CREATE INDEX ix_pauses_file ON pauses (file);

CREATE TABLE tasks (
	id TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	file TEXT COLLATE "C",
	words TEXT COLLATE "C",
	due_at TIMESTAMP WITH TIME ZONE,
	done_at TIMESTAMP WITH TIME ZONE,
	done_by TEXT COLLATE "C",
	CONSTRAINT pk_tasks PRIMARY KEY (id),
	CONSTRAINT fk_tasks_file FOREIGN KEY(file) REFERENCES files (id),
	CONSTRAINT fk_tasks_done_by FOREIGN KEY(done_by) REFERENCES accounts (id),
	CONSTRAINT uq_tasks_key UNIQUE (key)
);

CREATE INDEX ix_tasks_done_at_due_at ON tasks (done_at, due_at);

CREATE INDEX ix_tasks_file ON tasks (file);
