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

ALTER TABLE mails ADD COLUMN again_of TEXT;

ALTER TABLE mails ADD COLUMN again_by TEXT CONSTRAINT fk_mails_again_by REFERENCES accounts (id);

ALTER TABLE mails ADD COLUMN again_why TEXT;
