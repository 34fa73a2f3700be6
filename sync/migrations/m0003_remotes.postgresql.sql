CREATE TABLE links (
	id TEXT COLLATE "C" NOT NULL,
	remote TEXT COLLATE "C" NOT NULL,
	table_name TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C",
	key TEXT COLLATE "C",
	tie TEXT COLLATE "C" NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	there TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	mark TEXT COLLATE "C" DEFAULT '' NOT NULL,
	extras TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	agreed TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	raw TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	sent TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	held TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	"over" TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	put_back TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	first_look BIGINT DEFAULT '0' NOT NULL,
	open BOOLEAN DEFAULT true NOT NULL,
	told TEXT COLLATE "C",
	agreed_at TIMESTAMP WITH TIME ZONE,
	absences BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_links PRIMARY KEY (id),
	CONSTRAINT uq_links_remote_table_name_record UNIQUE (remote, table_name, record),
	CONSTRAINT uq_links_remote_table_name_key UNIQUE (remote, table_name, key)
);

CREATE INDEX ix_links_remote_open ON links (remote, open);

CREATE INDEX ix_links_table_name_record ON links (table_name, record);

CREATE TABLE moved (
	table_name TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	mark TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_moved PRIMARY KEY (table_name, record)
);

CREATE TABLE remote_calls (
	remote TEXT COLLATE "C" NOT NULL,
	day DATE NOT NULL,
	calls BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_remote_calls PRIMARY KEY (remote, day)
);

CREATE TABLE remote_notices (
	remote TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	words TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE,
	seen_by TEXT COLLATE "C",
	CONSTRAINT pk_remote_notices PRIMARY KEY (remote, key)
);

CREATE TABLE remote_tables (
	remote TEXT COLLATE "C" NOT NULL,
	table_name TEXT COLLATE "C" NOT NULL,
	frozen_at TIMESTAMP WITH TIME ZONE,
	frozen_why TEXT COLLATE "C",
	thawed_at TIMESTAMP WITH TIME ZONE,
	paused TEXT COLLATE "C" DEFAULT '{}' NOT NULL,
	CONSTRAINT pk_remote_tables PRIMARY KEY (remote, table_name)
);

CREATE TABLE remotes (
	name TEXT COLLATE "C" NOT NULL,
	label TEXT COLLATE "C" NOT NULL,
	stamp TEXT COLLATE "C" NOT NULL,
	memory TEXT COLLATE "C" NOT NULL,
	reserved BIGINT DEFAULT '0' NOT NULL,
	looks BIGINT DEFAULT '0' NOT NULL,
	woken_at TIMESTAMP WITH TIME ZONE,
	looked_at TIMESTAMP WITH TIME ZONE,
	listed_at TIMESTAMP WITH TIME ZONE,
	agreed_at TIMESTAMP WITH TIME ZONE,
	failing_since TIMESTAMP WITH TIME ZONE,
	silent_until TIMESTAMP WITH TIME ZONE,
	error TEXT COLLATE "C",
	needs_person BOOLEAN DEFAULT false NOT NULL,
	paused_at TIMESTAMP WITH TIME ZONE,
	paused_by TEXT COLLATE "C",
	paused_why TEXT COLLATE "C",
	restored_at TIMESTAMP WITH TIME ZONE,
	leased_to TEXT COLLATE "C",
	leased_until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_remotes PRIMARY KEY (name)
);

CREATE TABLE tombstones (
	table_name TEXT COLLATE "C" NOT NULL,
	record TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	gone_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_tombstones PRIMARY KEY (table_name, record)
);

CREATE TABLE held_values (
	id TEXT COLLATE "C" NOT NULL,
	link TEXT COLLATE "C" NOT NULL,
	field TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	here TEXT COLLATE "C",
	raw TEXT COLLATE "C",
	theirs TEXT COLLATE "C",
	words TEXT COLLATE "C" NOT NULL,
	article TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	settled_at TIMESTAMP WITH TIME ZONE,
	settled_by TEXT COLLATE "C",
	outcome TEXT COLLATE "C",
	CONSTRAINT pk_held_values PRIMARY KEY (id),
	CONSTRAINT fk_held_values_link FOREIGN KEY(link) REFERENCES links (id) ON DELETE CASCADE
);

CREATE INDEX ix_held_values_link_field ON held_values (link, field);

CREATE INDEX ix_held_values_settled_at ON held_values (settled_at);
