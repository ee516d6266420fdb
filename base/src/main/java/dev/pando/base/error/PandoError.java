package dev.pando.base.error;

/**
 * Every error that Pando itself raises: stable id, SQLSTATE, kind, text and remedy. Errors of PostgreSQL are passed on as they are and
 * are not listed here. The manual page {@code docs/errors.md} is generated from this list and checked by a test.
 *
 * <p>Ids: 1xxx protocol and login · 2xxx capacity · 3xxx routing and merging · 4xxx transactions · 5xxx servers behind Pando ·
 * 6xxx distribution of tables · 7xxx configuration · 8xxx fleets and files · 9xxx bugs.
 */
public enum PandoError {
    // 1xxx protocol and login
    PROTOCOL_VIOLATION("PD1001", "08P01", "protocol violation: %s", "Check the driver; Pando closed this connection."),
    MESSAGE_TOO_LONG(
            "PD1002",
            "08P01",
            "message of type %s announces %s bytes, the limit is %s",
            "Send smaller messages, or raise limits.max_message_bytes."),
    UNSUPPORTED_PROTOCOL("PD1003", "0A000", "unsupported frontend protocol %s", "Use protocol 3.0 or 3.2."),
    LOGIN_FAILED(
            "PD1004",
            "28P01",
            "password authentication failed for user \"%s\"",
            "Check user and password against [[users]] in the configuration."),
    NO_SUCH_DATABASE(
            "PD1005",
            "3D000",
            "database \"%s\" does not exist",
            "Name a database of the configuration that its server has, or the admin database \"pando\"."),
    LOGIN_TIMEOUT(
            "PD1006", "08006", "login did not finish within %s", "Check the network, or raise limits.login_timeout."),
    HBA_NO_ENTRY(
            "PD1020",
            "28000",
            "no pg_hba.conf entry for host \"%s\", user \"%s\", database \"%s\", %s",
            "Add a rule to auth.hba_file, or connect as one of its rules asks; SHOW HBA lists them."),
    HBA_REJECTED(
            "PD1021",
            "28000",
            "pg_hba.conf rejects connection for host \"%s\", user \"%s\", database \"%s\", %s",
            "Change the rule in auth.hba_file, or connect as another asks; SHOW HBA lists them."),
    HBA_EXPRESSION(
            "PD1022",
            "28000",
            "a regular expression of the rules looked at a name more than %s times",
            "Write the expression in auth.hba_file or auth.ident_file without nested repetition."),
    CERTIFICATE_REQUIRED(
            "PD1023",
            "28000",
            "connection requires a valid client certificate",
            "Connect with a certificate signed by tls.client_ca_file (sslcert and sslkey)."),
    IDENTITY_REFUSED(
            "PD1024",
            "28000",
            "%s authentication failed for user \"%s\"",
            "Connect as the user the certificate or the system names, or let auth.ident_file map one to the other."),
    ROLE_UNKNOWN(
            "PD1025",
            "28000",
            "role \"%s\" does not exist",
            "Name the user under [[users]], in auth.file, or let auth.query find it."),
    TLS_REQUIRED(
            "PD1011",
            "28000",
            "user \"%s\" wants to log in without TLS, which is required here",
            "Connect with sslmode=require, or verify-full and Pando's certificate authority."),
    ADMIN_COMMAND(
            "PD1010",
            "42601",
            "unknown admin command \"%s\"; %s",
            "SHOW HELP lists the commands. Statements about data belong to the other database."),
    ADMIN_REFUSED(
            "PD1012",
            "0A000",
            "%s is refused: %s",
            "SHOW HELP lists the commands; docs/pgbouncer.md says what takes the place of the others."),
    ADMIN_NEEDED(
            "PD1013",
            "42501",
            "%s needs an administrator, user \"%s\" is none",
            "Set admin = true for the user under [[users]] in the configuration."),
    ADMIN_INTERRUPTED(
            "PD1014", "57014", "%s no longer waits: %s", "SHOW STATE tells what is paused, RESUME ends a pause."),
    KILLED(
            "PD1015",
            "57P01",
            "terminating connection due to administrator command",
            "Connect again; somebody ended this connection by KILL or KILL_CLIENT."),
    NO_PLAN("PD1016", "0A000", "there is no plan to tell: %s", "See docs/observability.md on plans of servers."),
    PLANS_OFF("PD1017", "42501", "http.plans is not set: use EXPLAIN STATEMENT", "Set http.plans = true and RELOAD."),
    STATEMENT_MODE(
            "PD1030",
            "0A000",
            "%s begins a transaction of several statements, and this connection's pool mode is \"statement\"",
            "Run each statement by itself, or have pool_mode set to transaction or session for the database or the user."),
    REPLICATION_REFUSED(
            "PD1031",
            "0A000",
            "a replication connection needs one server's own log: %s",
            "Name a database of one server: an entry in [[databases]] for the server you mean."),
    NOT_SHARDED(
            "PD1032",
            "0A000",
            "%s needs the sharded database, and \"%s\" is a plain one",
            "Connect to the database named in database.name; a plain database is pooled as it is."),

    // 2xxx capacity
    TOO_MANY_CLIENTS(
            "PD2001",
            "53300",
            "sorry, too many clients already: %s of %s",
            "Raise listen.max_clients, or close idle connections."),
    POOL_QUEUE_TIMEOUT(
            "PD2002",
            "53300",
            "no server connection to %s within %s: %s in use of %s (%s), %s waiting",
            "Shorten transactions, or raise the limit that is named, pool.size or another, or pool.queue_timeout."),
    TOO_MANY_STATEMENTS(
            "PD2003",
            "53000",
            "session holds %s prepared statements and portals, the limit is %s",
            "Close what is no longer needed, or raise limits.max_prepared_statements."),
    MERGE_MEMORY(
            "PD2004",
            "53200",
            "merging rows of %s shards needs more than %s bytes",
            "Narrow the statement, fetch fewer rows at a time, or raise limits.merge_memory."),
    PARSER_BUSY(
            "PD2005",
            "53000",
            "%s statements of new shapes are waiting to be parsed, the limit is %s",
            "Use parameters instead of generated SQL text, or try again."),
    SHUTTING_DOWN("PD2008", "57P01", "Pando is shutting down", "Connect again once it is back."),
    STATEMENT_TOO_LONG(
            "PD2006",
            "54000",
            "statement of a new shape has %s bytes, the limit for parsing is %s",
            "Use parameters or COPY instead of a long text, or raise limits.max_statement_bytes."),
    STATEMENT_TOO_COMPLEX(
            "PD2007",
            "54001",
            "statement of %s bytes is too deeply nested or too large to be parsed",
            "Simplify the statement: fewer nested parentheses, fewer values in one text."),
    TOO_MANY_LOGINS(
            "PD2009",
            "53300",
            "sorry, too many clients already: %s are logging in",
            "Try again, or raise listen.max_logins."),
    ANSWER_TOO_LONG(
            "PD2010",
            "54000",
            "shard %s sends message '%s' of %s bytes, limits.merge_memory is %s for what cannot be passed on as it comes",
            "Give the sharding key so that one shard answers, or raise limits.merge_memory."),
    TOO_MANY_DATABASES(
            "PD2030",
            "53300",
            "database \"%s\" cannot be made on the fly: %s such databases have clients, the limit is %s",
            "Raise limits.max_wildcard_databases, or give the database an entry of its own in [[databases]]."),
    NOTIFICATIONS_UNREAD(
            "PD2011",
            "53400",
            "%s bytes of notifications wait for this client to read them, the limit is %s",
            "Read notifications while listening, end transactions sooner, or notify less; Pando closed this connection rather than lose one."),
    PLANS_BUSY("PD2012", "53000", "%s plans are being asked for, the limit is %s", "Try again."),
    TOO_MANY_CLIENTS_OF(
            "PD2020", "53300", "too many connections for %s \"%s\": %s of %s", "Close some, or raise max_clients."),
    SESSION_REPLACED("PD2021", "57P01", "the session's server connection has to be replaced", "Connect again."),
    CLIENT_IDLE_TIMEOUT("PD2022", "57P05", "terminating connection due to idle-session timeout", "Connect again."),
    IDLE_TRANSACTION_TIMEOUT(
            "PD2023",
            "25P03",
            "terminating connection due to idle-in-transaction timeout",
            "Commit sooner, or raise timeouts.idle_transaction."),
    TRANSACTION_TIMEOUT(
            "PD2024",
            "25P04",
            "terminating connection due to transaction timeout",
            "Commit sooner, or raise timeouts.transaction."),
    QUERY_TIMEOUT(
            "PD2025", "57014", "canceling statement due to query timeout", "See its plan, or raise timeouts.query."),

    // 3xxx routing and merging
    CROSS_SHARD_SHAPE(
            "PD3001",
            "0A000",
            "%s is not supported across shards",
            "Give the sharding key with =, or see EXPLAIN (PANDO) for why the statement needs several shards."),
    KEY_MISSING(
            "PD3002",
            "23502",
            "%s into \"%s\" without a value for its sharding key (%s)",
            "Name the key column and give it a literal, a parameter or a cast of one."),
    KEY_INVALID(
            "PD3003",
            "22023",
            "value for sharding key \"%s\" cannot be used: %s",
            "Give a value of the key column's type that the sharding function covers."),
    KEY_UPDATE(
            "PD3004",
            "0A000",
            "UPDATE of \"%s\" changes its sharding key (%s)",
            "DELETE the row and INSERT it with its new key in one transaction."),
    MIXED_PLACEMENT(
            "PD3005",
            "0A000",
            "statement joins sharded \"%s\" with \"%s\", which lives on the first shard only",
            "Declare the second table with pando.reference() or pando.distribute()."),
    NOT_COLOCATED(
            "PD3006",
            "0A000",
            "\"%s\" and \"%s\" are not joined on their sharding keys",
            "Join on the sharding keys of co-located tables, or give the key with =."),
    COLLATION_ORDER(
            "PD3007",
            "0A000",
            "ORDER BY column %s uses collation \"%s\", whose order Pando cannot merge exactly",
            "Add COLLATE \"C\" to the ORDER BY expression."),
    TYPE_NOT_MERGEABLE(
            "PD3008",
            "0A000",
            "%s on type %s cannot be merged exactly across shards",
            "Cast to a type that Pando merges, or give the sharding key with =."),
    SETTING_REFUSED(
            "PD3009",
            "0A000",
            "setting %s to %s is not possible through Pando: %s",
            "Leave the setting at its default."),
    FUNCTION_UNSAFE(
            "PD3010",
            "0A000",
            "%s may read or write tables that Pando cannot see",
            "Inline what the function does, or vouch for it: IMMUTABLE, or COMMENT ON FUNCTION … IS 'pando.safe' (see docs/sharding.md)."),
    UNKNOWN_STATEMENT(
            "PD3011",
            "0A000",
            "statement %s is not known to Pando and might touch several shards",
            "Run it on each shard directly, or report it."),
    COPY_SHAPE(
            "PD3012",
            "0A000",
            "COPY %s is not supported across shards",
            "Use COPY table (columns) FROM STDIN in text, CSV or binary format with the key among the columns."),
    COPY_BAD_DATA("PD3013", "22P04", "COPY data, row %s: %s", "Correct the row; nothing was copied."),
    STATEMENT_VALUES_VOLATILE(
            "PD3014",
            "0A000",
            "%s of reference table \"%s\" uses %s, which would differ between shards",
            "Give the value itself instead of the expression."),
    VALUE_OUT_OF_RANGE(
            "PD3016",
            "22003",
            "%s",
            "The combined value of all shards does not fit its type: cast the argument to numeric."),
    LISTENING_SHAPE(
            "PD3017",
            "0A000",
            "pg_listening_channels() is answered where it stands alone, not within another statement",
            "Use SELECT pg_listening_channels() or SELECT * FROM pg_listening_channels()."),
    SEQUENCE_ELSEWHERE(
            "PD3018",
            "0A000",
            "%s() tells what happened on the same server connection before, and in transaction mode sessions share them",
            "Use RETURNING, or call it in the transaction of the INSERT or nextval(), or use pool mode session."),
    STATEMENT_OF_CODE("PD3019", "0A000", "which PREPARE has made \"%s\" is not clear", "PREPARE it by itself."),

    // 4xxx transactions
    ISOLATION_ACROSS_SHARDS(
            "PD4001",
            "0A000",
            "transaction isolation %s is not supported across shards",
            "Use READ COMMITTED, or keep the transaction on one shard."),
    IN_FAILED_TRANSACTION(
            "PD4002",
            "25P02",
            "current transaction is aborted, commands ignored until end of transaction block",
            "Send ROLLBACK."),
    NOT_IN_TRANSACTION(
            "PD4003",
            "25001",
            "%s cannot run inside a transaction block that spans shards",
            "Run it outside a transaction."),
    TWO_PHASE_DISABLED(
            "PD4004",
            "55000",
            ErrorKind.OPERATOR,
            "shard %s has max_prepared_transactions = 0, so a write to several shards cannot be atomic",
            "Set max_prepared_transactions on every shard to at least the pool size, then restart it."),
    COMMIT_IN_DOUBT(
            "PD4005",
            "08007",
            ErrorKind.BACKEND,
            "connection to shard %s was lost during COMMIT: the outcome is not known",
            "Look at the data before you try again."),

    // 5xxx servers behind Pando
    SHARD_UNAVAILABLE(
            "PD5001", "08006", "shard %s at %s cannot be reached: %s", "The statement was not run. Check the server."),
    SHARD_LOST(
            "PD5002",
            "08006",
            "connection to shard %s was lost while a statement ran: %s",
            "The statement's transaction was rolled back unless it was a COMMIT."),
    BACKEND_PROTOCOL(
            "PD5003", "08P01", "shard %s sent %s", "Check that PostgreSQL of version 15 or later listens there."),
    BACKEND_LOGIN(
            "PD5004",
            "08006",
            ErrorKind.OPERATOR,
            "shard %s refused the login of \"%s\": %s",
            "Check the user's password on the shard."),
    SECRET_UNFIT(
            "PD5020",
            "08006",
            ErrorKind.OPERATOR,
            "shard %s cannot be logged in to as \"%s\": %s",
            "Store the password itself, which serves all, or the server's own verifier (SELECT rolpassword FROM pg_authid), which"
                    + " serves SCRAM; docs/authentication.md has the table."),
    LOOKUP_FAILED(
            "PD5021",
            "08006",
            ErrorKind.OPERATOR,
            "the user could not be looked up",
            "See Pando's log for what auth.query answered, and check auth.user and that home is up."),
    SCHEMA_DIFFERS(
            "PD5005",
            "55000",
            ErrorKind.OPERATOR,
            "shards answer the same statement with different columns: %s",
            "Compare the schema of the shards and repair the one that differs."),
    TYPE_NOT_EVERYWHERE(
            "PD5007",
            "42704",
            ErrorKind.CLIENT,
            "the type with OID %s is not one that %s and home both have",
            "Commit the transaction that makes or changes the type; create types through Pando, so that every shard has them."),
    LISTENER_LOST(
            "PD5006",
            "08006",
            "the connection that listens at %s was lost, so notifications may have been missed: %s",
            "Connect and LISTEN again, then look at what notifications would have told of."),
    PLAN_FAILED("PD5008", "55000", "the plan cannot be told now: %s", "Try again when the cause is gone."),

    // 6xxx distribution of tables
    DISTRIBUTE_ARGUMENT(
            "PD6001",
            "22023",
            "%s",
            "See docs/sharding.md for the arguments of pando.distribute() and pando.reference()."),
    TABLE_NOT_EMPTY(
            "PD6002",
            "55000",
            "table \"%s\" holds rows",
            "Distribute the table while it is empty, then load it through Pando."),
    ALREADY_DISTRIBUTED(
            "PD6003", "42P07", "table \"%s\" is already declared as %s", "Call pando.undistribute() first."),
    UNIQUE_WITHOUT_KEY(
            "PD6004",
            "0A000",
            "unique constraint \"%s\" on \"%s\" does not contain the sharding key (%s), so no shard could enforce it alone",
            "Add the key to the constraint, or call with unique_per_shard => true if the values are unique by construction."),
    FOREIGN_KEY_ACROSS(
            "PD6005",
            "0A000",
            "foreign key \"%s\" of \"%s\" points to \"%s\", whose rows may be on another shard",
            "Co-locate both tables on the key, or declare the other table with pando.reference() first."),
    NO_SUCH_TABLE(
            "PD6006", "42P01", "relation \"%s\" does not exist on shard %s", "Create the table through Pando first."),
    NOT_OWNER(
            "PD6007",
            "42501",
            "user \"%s\" must be owner of %s",
            "Call as the owner, a member of the owner's role, or a superuser."),
    NO_SUCH_FUNCTION(
            "PD6008", "42883", "function pando.%s does not exist", "See docs/sharding.md for Pando's functions."),
    KEY_HAS_ROWS(
            "PD6009",
            "55000",
            "key \"%s\" has rows of \"%s\" on shard %s, so it cannot be pinned to shard %s",
            "Pin a key before its first row is written."),
    DISTRIBUTE_FAILED(
            "PD6010",
            "55000",
            ErrorKind.BACKEND,
            "%s failed and changed nothing: %s",
            "Try again when the cause is gone; a lock timeout means that a transaction holds the table."),

    // 7xxx configuration
    CONFIG_INVALID("PD7001", "F0000", "%s", "Correct the configuration file; docs/config.md lists every key."),
    NODE_NAME_TAKEN(
            "PD7002",
            "55006",
            "another Pando called \"%s\" is connected to these shards, from %s",
            "Give each its own node.name. The claim of one that died with its machine ends within a minute."),

    // 8xxx fleets and files
    DATA_DIR_IN_USE(
            "PD8001", "55006", "%s is in use by Pando process %s", "Stop that process, or give another --data folder."),
    DATA_DIR_DAMAGED(
            "PD8002", "58P01", "%s is not a usable Pando folder: %s", "Restore it, or give another --data folder."),
    PORT_TAKEN("PD8003", "55006", "port %s on %s is taken; give another one with %s", "Or stop what listens there."),
    DISK_FULL("PD8004", "53100", "%s has %s free, %s needed", "Free some space, or give another --data folder."),
    SERVER_START_FAILED(
            "PD8005", "58000", ErrorKind.BACKEND, "PostgreSQL server %s did not start: %s", "See the server's log."),
    CANNOT_DROP_ROOT(
            "PD8006",
            "58000",
            "PostgreSQL refuses to run as root and no way to drop it works here: %s",
            "Run pando as a normal user."),
    FLEET_SHAPE_DIFFERS(
            "PD8007",
            "55000",
            "%s holds %s shards with %s replicas each, asked for were %s with %s",
            "Start it with the shards it has and at least its replicas, or give another folder with --data."),
    TAKEOVER_FAILED(
            "PD8008",
            "55000",
            "the running Pando at %s does not make room: %s",
            "It goes on serving. Look into its log, or stop it and start without --takeover."),
    SESSION_ENDED(
            "PD8009", "57P02", ErrorKind.CLIENT, "%s was given up: %s", "See what its SQL does, or leave it out."),

    // 81xx pando bench
    BENCH_TABLE_NOT_EMPTY("PD8101", "55000", "table \"%s\" already holds %s rows", "Give --replace to empty it first."),
    BENCH_ENDPOINT(
            "PD8102",
            "08006",
            ErrorKind.BACKEND,
            "%s: %s",
            "Check that the endpoint runs, and its address and login; if bench started the servers, that memory and disk suffice."),
    BENCH_OPEN_FILES(
            "PD8103",
            "53000",
            "%s clients and %s other connections and files need %s open files and the limit is %s; run: ulimit -n %s",
            "Raise the limit in this shell, and in that of the server under test."),
    BENCH_FUNCTION(
            "PD8104",
            "42P07",
            "the tables are already distributed, so --function %s changes nothing",
            "Leave --function out, or give --replace to empty the tables and distribute them anew."),
    BENCH_PROXY("PD8105", "08001", ErrorKind.OPERATOR, "%s did not start: %s", "See its words; try fewer --clients."),

    // 82xx twins of databases
    TWIN_VERSION("PD8201", "0A000", "PostgreSQL %s has no twin", "Give a database of PostgreSQL 15 to 19."),
    SNAPSHOT_TOO_LARGE("PD8202", "54000", "more than %s %s in one database", "Such a database has no twin."),
    SNAPSHOT_FILE("PD8203", "F0000", "%s is no snapshot: %s", "Make it anew with pando snapshot."),
    TARGET("PD8204", "08001", ErrorKind.BACKEND, "cannot read %s: %s", "Check address, login and rights."),
    EXPLAIN_REFUSED(
            "PD8205",
            "42601",
            ErrorKind.CLIENT,
            "%s: %s",
            "Give one statement that EXPLAIN accepts, without EXPLAIN; a parameter of unknown type needs a cast: $1::int."),
    ROWS_REFUSED("PD8206", "42501", "cannot sample %s: %s", "Give a URL whose user may SELECT from it."),
    PARTITIONS_REFUSED("PD8207", "42P16", "cannot partition %s: %s", "Take other columns, or add --extend-keys."),

    MAJOR_NOT_PACKAGED(
            "PD8208",
            "22023",
            "PostgreSQL %s is not packaged",
            "Take 15, 16, 17 or 18; what is newer is judged by 18."),
    TARGET_LOCKED(
            "PD8209",
            "55P03",
            ErrorKind.BACKEND,
            "cannot read %s: %s",
            "Try again when that transaction has ended, or end it: SELECT pg_terminate_backend(pid)."),

    // 83xx migrations
    LINT_INPUT("PD8301", "22023", "cannot read %s: %s", "Name files, folders, - for stdin, or a range of git."),
    REHEARSE_INPUT("PD8302", "22023", "cannot rehearse with %s: %s", "The manual is docs/rehearse.md."),

    // 9xxx bugs
    BUG("PD9001", "XX000", "Pando is wrong: %s", "Please report this with the statement.");

    private final String id;
    private final String sqlState;
    private final ErrorKind kind;
    private final String text;
    private final String remedy;

    /** Of the kind that is usual among its neighbours. */
    PandoError(String id, String sqlState, String text, String remedy) {
        this(id, sqlState, ErrorKind.usual(id), text, remedy);
    }

    PandoError(String id, String sqlState, ErrorKind kind, String text, String remedy) {
        this.id = id;
        this.sqlState = sqlState;
        this.kind = kind;
        this.text = text;
        this.remedy = remedy;
    }

    public String id() {
        return id;
    }

    public String sqlState() {
        return sqlState;
    }

    public ErrorKind kind() {
        return kind;
    }

    public String text() {
        return text;
    }

    public String remedy() {
        return remedy;
    }

    String format(Object... particulars) {
        return String.format(java.util.Locale.ROOT, text, particulars) + " (" + id + ")";
    }
}
