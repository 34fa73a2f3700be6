CREATE TABLE links (
	id TEXT NOT NULL,
	remote TEXT NOT NULL,
	table_name TEXT NOT NULL,
	record TEXT,
	"key" TEXT,
	tie TEXT NOT NULL,
	since DATETIME NOT NULL,
	there TEXT DEFAULT '{}' NOT NULL,
	mark TEXT DEFAULT '' NOT NULL,
	extras TEXT DEFAULT '{}' NOT NULL,
	agreed TEXT DEFAULT '{}' NOT NULL,
	raw TEXT DEFAULT '{}' NOT NULL,
	sent TEXT DEFAULT '{}' NOT NULL,
	held TEXT DEFAULT '{}' NOT NULL,
	over TEXT DEFAULT '{}' NOT NULL,
	put_back TEXT DEFAULT '{}' NOT NULL,
	first_look BIGINT DEFAULT '0' NOT NULL,
	open BOOLEAN DEFAULT 1 NOT NULL,
	told TEXT,
	agreed_at DATETIME,
	absences BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_links PRIMARY KEY (id),
	CONSTRAINT uq_links_remote_table_name_record UNIQUE (remote, table_name, record),
	CONSTRAINT uq_links_remote_table_name_key UNIQUE (remote, table_name, "key")
);

CREATE INDEX ix_links_remote_open ON links (remote, open);

CREATE INDEX ix_links_table_name_record ON links (table_name, record);

CREATE TABLE moved (
	table_name TEXT NOT NULL,
	record TEXT NOT NULL,
	mark TEXT NOT NULL,
	CONSTRAINT pk_moved PRIMARY KEY (table_name, record)
);

CREATE TABLE remote_calls (
	remote TEXT NOT NULL,
	day DATE NOT NULL,
	calls BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_remote_calls PRIMARY KEY (remote, day)
);

CREATE TABLE remote_notices (
	remote TEXT NOT NULL,
	"key" TEXT NOT NULL,
	words TEXT NOT NULL,
	at DATETIME NOT NULL,
	seen_at DATETIME,
	seen_by TEXT,
	CONSTRAINT pk_remote_notices PRIMARY KEY (remote, "key")
);

CREATE TABLE remote_tables (
	remote TEXT NOT NULL,
	table_name TEXT NOT NULL,
	frozen_at DATETIME,
	frozen_why TEXT,
	thawed_at DATETIME,
	paused TEXT DEFAULT '{}' NOT NULL,
	CONSTRAINT pk_remote_tables PRIMARY KEY (remote, table_name)
);

CREATE TABLE remotes (
	name TEXT NOT NULL,
	label TEXT NOT NULL,
	stamp TEXT NOT NULL,
	memory TEXT NOT NULL,
	reserved BIGINT DEFAULT '0' NOT NULL,
	looks BIGINT DEFAULT '0' NOT NULL,
	woken_at DATETIME,
	looked_at DATETIME,
	listed_at DATETIME,
	agreed_at DATETIME,
	failing_since DATETIME,
	silent_until DATETIME,
	error TEXT,
	needs_person BOOLEAN DEFAULT 0 NOT NULL,
	paused_at DATETIME,
	paused_by TEXT,
	paused_why TEXT,
	restored_at DATETIME,
	leased_to TEXT,
	leased_until DATETIME,
	CONSTRAINT pk_remotes PRIMARY KEY (name)
);

CREATE TABLE tombstones (
	table_name TEXT NOT NULL,
	record TEXT NOT NULL,
	at DATETIME NOT NULL,
	gone_at DATETIME,
	CONSTRAINT pk_tombstones PRIMARY KEY (table_name, record)
);

CREATE TABLE held_values (
	id TEXT NOT NULL,
	link TEXT NOT NULL,
	field TEXT NOT NULL,
	kind TEXT NOT NULL,
	here TEXT,
	raw TEXT,
	theirs TEXT,
	words TEXT NOT NULL,
	article TEXT NOT NULL,
	at DATETIME NOT NULL,
	settled_at DATETIME,
	settled_by TEXT,
	outcome TEXT,
	CONSTRAINT pk_held_values PRIMARY KEY (id),
	CONSTRAINT fk_held_values_link FOREIGN KEY(link) REFERENCES links (id) ON DELETE CASCADE
);

CREATE INDEX ix_held_values_link_field ON held_values (link, field);

CREATE INDEX ix_held_values_settled_at ON held_values (settled_at);
