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

ALTER TABLE tombstones ADD COLUMN outline BOOLEAN;

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

ALTER TABLE answers ADD COLUMN in_name_of TEXT;

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
