package dev.pando.server.control;

import static dev.pando.server.control.TestFleet.await;
import static dev.pando.server.control.TestFleet.call;
import static dev.pando.server.control.TestFleet.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.HiddenCode.Found;
import dev.pando.core.topology.HiddenCode.Reach;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which code of a database is known to look at which tables, and where a statement meets it. */
class HiddenCodeTest {
    private static final String TABLES =
            "CREATE TABLE users (id int PRIMARY KEY, name text, posts int, updated_at timestamptz);"
                    + "CREATE TABLE posts (user_id int, id int);"
                    + "CREATE TABLE settings (k text PRIMARY KEY, v text, updated_at timestamptz);"
                    + "CREATE TABLE journal (id int PRIMARY KEY, note text);"
                    + "CREATE TABLE audit (id int, note text);";

    /** A catalog of a database with the tables above, and this. */
    private static HiddenCode code(String sql) throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere(TABLES);
            call(plane, "distribute", "users", "id");
            call(plane, "distribute", "posts", "user_id", "colocate_with=>users");
            call(plane, "reference", "settings");
            fleet.everywhere(sql);
            await(plane.refresh());
            return plane.catalog().code();
        }
    }

    private static String sql(String name, String body) {
        return "CREATE FUNCTION " + name + "() RETURNS int LANGUAGE sql AS $$ " + body + " $$;";
    }

    private static String trigger(String name, String on, String body) {
        return "CREATE FUNCTION " + name + "_code() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body
                + " RETURN NEW; END $$; CREATE TRIGGER " + name + " BEFORE INSERT OR UPDATE ON " + on
                + " FOR EACH ROW EXECUTE FUNCTION " + name + "_code();";
    }

    private static Reach reach(Map<?, Found> found, Object name) {
        Found one = found.get(name);
        return one == null ? Reach.NONE : one.reach();
    }

    @Test
    void functionsReachWhatTheyName() throws SQLException {
        Map<String, Found> functions = code(sql("plain", "SELECT 1 + 1")
                        + sql("copied", "SELECT count(*)::int FROM settings")
                        + sql("at_home", "SELECT count(*)::int FROM public.journal")
                        + sql("spread", "SELECT count(*)::int FROM Users")
                        + sql("quoted", "SELECT count(*)::int FROM \"users\"")
                        + sql("copies_changed", "UPDATE settings SET v = NULL RETURNING 1")
                        + sql("through_it", "SELECT spread()")
                        + sql("through_home", "SELECT at_home() + 1")
                        + "CREATE VIEW people AS SELECT * FROM users;"
                        + sql("through_view", "SELECT count(*)::int FROM people")
                        + "CREATE FUNCTION made() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1'; END $$;"
                        + "CREATE FUNCTION kept() RETURNS void LANGUAGE sql AS $$ SELECT set_config('a.b', 'c', false) $$;"
                        + "CREATE SEQUENCE s; CREATE FUNCTION numbered() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('s') $$;"
                        + "CREATE FUNCTION parsed() RETURNS bigint RETURN (SELECT count(*) FROM users);"
                        + sql("vouched", "SELECT count(*)::int FROM users")
                        + "COMMENT ON FUNCTION vouched() IS 'Of one shard: pando.safe';"
                        + sql("constant", "SELECT count(*)::int FROM users").replace("LANGUAGE", "IMMUTABLE LANGUAGE")
                        + "CREATE FUNCTION step(int, int) RETURNS int LANGUAGE sql AS 'SELECT spread()';"
                        + "CREATE AGGREGATE total(int) (SFUNC = step, STYPE = int);")
                .functions();
        for (String name : new String[] {"plain", "copied", "vouched", "constant"}) {
            assertThat(reach(functions, name)).as(name).isEqualTo(Reach.NONE);
        }
        for (String name : new String[] {"at_home", "through_home", "numbered"}) {
            assertThat(reach(functions, name)).as(name).isEqualTo(Reach.HOME);
        }
        for (String name : new String[] {
            "spread", "quoted", "copies_changed", "through_it", "through_view", "made", "kept", "parsed", "total"
        }) {
            assertThat(reach(functions, name)).as(name).isEqualTo(Reach.FAR);
        }
    }

    @Test
    void everydayTriggersAreHarmless() throws SQLException {
        HiddenCode code = code(trigger("touch", "users", "NEW.updated_at = now();")
                + trigger(
                        "checks",
                        "posts",
                        "IF NEW.id < 0 THEN RAISE EXCEPTION 'users must be positive: %', NEW.id; END IF;")
                + trigger("fills", "posts", "SELECT count(*) INTO NEW.id FROM settings s WHERE s.k = NEW.id::text;")
                + trigger("fields", "posts", "NEW.id := coalesce(NEW.id, OLD.id);")
                + trigger("touch_journal", "journal", "INSERT INTO audit VALUES (NEW.id, NEW.note);"));
        assertThat(code.writes().keySet()).containsExactly(table("journal"));
        assertThat(code.writes())
                .containsEntry(
                        table("journal"),
                        new Found(
                                Reach.HOME,
                                "trigger \"touch_journal\" of \"journal\", which calls function touch_journal_code()"));
        assertThat(code.reads()).isEmpty();
        assertThat(code.divergent().keySet()).contains(table("users")).doesNotContain(table("settings"));
    }

    @Test
    void triggersThatReachFartherAreNamed() throws SQLException {
        HiddenCode code = code(trigger("counts", "posts", "UPDATE users SET posts = posts + 1 WHERE id = NEW.user_id;")
                + trigger("logs", "users", "INSERT INTO audit VALUES (NEW.id, NEW.name);")
                + trigger("sums", "journal", "SELECT count(*) INTO NEW.id FROM users;")
                + trigger("touch", "settings", "NEW.updated_at = now();")
                + "CREATE TABLE entry (id int REFERENCES journal ON UPDATE CASCADE);"
                + "CREATE TABLE other (id int PRIMARY KEY); CREATE TABLE below (id int REFERENCES other ON DELETE CASCADE);"
                + trigger("chained", "below", "SELECT count(*) INTO NEW.id FROM users;")
                + "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; RETURN NULL; END $$;"
                + "CREATE TRIGGER emptied AFTER TRUNCATE ON below EXECUTE FUNCTION gone();"
                + "CREATE TABLE quiet (id int);" + trigger("asleep", "quiet", "DELETE FROM posts;")
                + "ALTER TABLE quiet DISABLE TRIGGER asleep;");
        assertThat(reach(code.writes(), table("posts"))).isEqualTo(Reach.FAR);
        assertThat(reach(code.writes(), table("users"))).isEqualTo(Reach.HOME);
        assertThat(Objects.requireNonNull(code.writes().get(table("journal"))).what())
                .isEqualTo("trigger \"sums\" of \"journal\", which calls function sums_code()");
        assertThat(reach(code.writes(), table("other"))).isEqualTo(Reach.FAR);
        assertThat(reach(code.truncates(), table("below"))).isEqualTo(Reach.FAR);
        assertThat(reach(code.writes(), table("audit"))).isEqualTo(Reach.NONE);
        assertThat(reach(code.writes(), table("quiet"))).isEqualTo(Reach.NONE);
        assertThat(code.divergent()).containsEntry(table("settings"), "trigger \"touch\" of \"settings\"");
    }

    @Test
    void whatRunsWithoutACallIsFound() throws SQLException {
        String spread = "CREATE FUNCTION known(int) RETURNS boolean LANGUAGE sql STABLE AS"
                + " 'SELECT EXISTS (SELECT FROM public.users WHERE id = $1)';"
                + "CREATE FUNCTION same(int, text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT public.known($1)';";
        HiddenCode code = code(spread
                + "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = text, FUNCTION = same);"
                + "CREATE DOMAIN known_user AS int CHECK (known(VALUE)); CREATE TABLE refers (u known_user);"
                + "CREATE TABLE defaulted (b boolean DEFAULT known(1)); CREATE TABLE checked (u int CHECK (known(u)));"
                + "CREATE TABLE secret (u int); ALTER TABLE secret ENABLE ROW LEVEL SECURITY;"
                + "CREATE POLICY mine ON secret USING (EXISTS (SELECT FROM posts WHERE user_id = u));"
                + "CREATE TABLE open (u int); CREATE POLICY mine ON open USING (EXISTS (SELECT FROM posts WHERE user_id = u));"
                + "CREATE TABLE tenant (u text); ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;"
                + "CREATE POLICY t ON tenant USING (u = current_setting('app.tenant') AND EXISTS (SELECT FROM settings));"
                + "CREATE VIEW shown AS SELECT known(id) FROM journal; CREATE VIEW above AS SELECT * FROM shown;"
                + "CREATE TABLE ruled (id int); CREATE RULE also AS ON INSERT TO ruled DO ALSO DELETE FROM posts;"
                + "CREATE TYPE pair AS (a int, b int);"
                + "CREATE FUNCTION to_pair(int) RETURNS pair LANGUAGE sql AS 'SELECT count(*)::int, 1 FROM public.users';"
                + "CREATE FUNCTION to_text(pair) RETURNS text LANGUAGE sql AS 'SELECT count(*)::text FROM public.users';"
                + "CREATE CAST (int AS pair) WITH FUNCTION to_pair(int);"
                + "CREATE FUNCTION posts_of(users) RETURNS int LANGUAGE sql AS 'SELECT count(*)::int FROM posts';"
                + "CREATE FUNCTION full_name(users) RETURNS text LANGUAGE sql AS 'SELECT $1.name';");
        assertThat(code.operators()).containsOnlyKeys("===");
        assertThat(code.types()).containsKeys("known_user", "pair", "refers").doesNotContainKeys("int4", "open");
        assertThat(code.rowFunctions()).containsExactlyInAnyOrder("posts_of", "to_text");
        assertThat(code.writes().keySet())
                .containsExactlyInAnyOrder(
                        table("refers"), table("defaulted"), table("checked"), table("secret"), table("ruled"));
        assertThat(code.reads().keySet()).containsExactlyInAnyOrder(table("secret"), table("shown"), table("above"));
        assertThat(code.everywhere()).isNull();
        assertThat(code.functions()).doesNotContainKey("full_name");
    }

    @Test
    void castsThatNoStatementShowsConcernAll() throws SQLException {
        HiddenCode code = code("CREATE TYPE pair AS (a int, b int);"
                + "CREATE FUNCTION to_text(pair) RETURNS text LANGUAGE sql AS 'SELECT count(*)::text FROM public.users';"
                + "CREATE CAST (pair AS text) WITH FUNCTION to_text(pair) AS IMPLICIT;");
        assertThat(code.everywhere())
                .isEqualTo(new Found(Reach.FAR, "cast from public.pair to text, which calls function to_text()"));
    }

    /** Functions of PostgreSQL's own leave no mark in pg_depend; they are judged as where a statement shows them. */
    @Test
    void functionsOfPostgresAreFoundWhereTheyHide() throws SQLException {
        String xml = "query_to_xml('SELECT 1', true, true, '')::text <> ''";
        HiddenCode code = code("CREATE VIEW sets AS SELECT set_config('work_mem', '77MB', false);"
                + "CREATE VIEW above AS SELECT * FROM sets; CREATE VIEW locks AS SELECT pg_try_advisory_lock(1);"
                + "CREATE VIEW counts AS SELECT ndoc FROM ts_stat('SELECT 1'); CREATE SEQUENCE s;"
                + "CREATE VIEW numbers AS SELECT nextval('s'); CREATE VIEW objects AS SELECT lo_creat(-1);"
                + "CREATE TABLE defaulted (t text DEFAULT set_config('work_mem', '77MB', false));"
                + "CREATE TABLE object (o oid DEFAULT lo_creat(-1));"
                + "CREATE TABLE checked (t text, CHECK (" + xml + "));"
                + "CREATE DOMAIN checking AS text CHECK (" + xml + "); CREATE TABLE typed (t checking);"
                + "CREATE DOMAIN preset AS text DEFAULT set_config('work_mem', '77MB', false); CREATE TABLE filled (t preset);"
                + "CREATE TABLE secret (t text); ALTER TABLE secret ENABLE ROW LEVEL SECURITY;"
                + "CREATE POLICY mine ON secret USING (" + xml + ");"
                + "CREATE TABLE watched (t text); CREATE FUNCTION plain() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN RETURN NEW; END'; CREATE TRIGGER w BEFORE INSERT ON watched FOR EACH ROW WHEN (" + xml
                + ") EXECUTE FUNCTION plain();"
                + "CREATE FUNCTION given(t text DEFAULT set_config('work_mem', '77MB', false)) RETURNS text"
                + " LANGUAGE sql AS 'SELECT t';"
                + "CREATE VIEW parameters AS SELECT * FROM pg_settings;"
                + "CREATE FUNCTION tunes() RETURNS void LANGUAGE sql AS 'UPDATE pg_settings SET setting = 1';");
        assertThat(Objects.requireNonNull(code.reads().get(table("sets"))).what())
                .isEqualTo("view \"sets\", which calls function set_config()");
        for (String name : new String[] {"sets", "above", "locks", "counts", "secret"}) {
            assertThat(reach(code.reads(), table(name))).as(name).isEqualTo(Reach.FAR);
        }
        for (String name : new String[] {"numbers", "objects"}) {
            assertThat(reach(code.reads(), table(name))).as(name).isEqualTo(Reach.HOME);
        }
        for (String name :
                new String[] {"defaulted", "checked", "typed", "filled", "secret", "watched", "parameters"}) {
            assertThat(reach(code.writes(), table(name))).as(name).isEqualTo(Reach.FAR);
        }
        assertThat(reach(code.writes(), table("object"))).isEqualTo(Reach.HOME);
        assertThat(reach(code.reads(), table("parameters"))).isEqualTo(Reach.NONE);
        assertThat(code.functions()).containsOnlyKeys("given", "tunes");
    }

    @Test
    void everydayDefaultsAreHarmless() throws SQLException {
        HiddenCode code =
                code("CREATE SEQUENCE s; CREATE TABLE everyday (id serial, i int GENERATED ALWAYS AS IDENTITY,"
                        + " n bigint DEFAULT nextval('s'), at timestamptz DEFAULT now(), u uuid DEFAULT gen_random_uuid(),"
                        + " who text DEFAULT current_user, l text GENERATED ALWAYS AS (lower(k)) STORED, k text,"
                        + " x bigint DEFAULT txid_current(), CHECK (length(who) > 0));"
                        + "CREATE INDEX ON everyday (lower(who)); CREATE VIEW settled AS SELECT * FROM pg_settings;"
                        + "CREATE VIEW recent AS SELECT * FROM settings WHERE updated_at > now() - interval '1 day';");
        assertThat(code.writes()).containsOnlyKeys(table("settled"));
        assertThat(code.reads()).isEmpty();
    }
}
