package dev.pando.core.link;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Prepared statements as servers know them: under names made from what they are, so that all clients share them. */
public final class SharedStatements {
    private static final String NAME_PREFIX = "pando_";
    private static final int NAME_BYTES = 16;

    /** Where a query finds those that a server has. */
    public static final String ON_SERVERS = " FROM pg_catalog.pg_prepared_statements WHERE pg_catalog.strpos(name, '"
            + NAME_PREFIX + "') OPERATOR(pg_catalog.=) 1";

    private SharedStatements() {}

    /**
     * A name on servers, the same for the same text, parameter types, schema and sense.
     *
     * @param readBy settings by which the text is read
     */
    public static String name(byte[] sql, int[] parameterTypes, long epoch, List<String> searchPath, String readBy) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] read = (searchPath + "\n" + readBy).getBytes(StandardCharsets.UTF_8);
            ByteBuffer facts = ByteBuffer.allocate(Long.BYTES + Integer.BYTES * (parameterTypes.length + 2));
            facts.putLong(epoch);
            facts.putInt(parameterTypes.length).putInt(read.length);
            Arrays.stream(parameterTypes).forEach(facts::putInt);
            digest.update(facts.flip());
            digest.update(read);
            digest.update(sql);
            return NAME_PREFIX + HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "no SHA-256 in this Java");
        }
    }

    /** Whether a server has other statements named so than its link believes: something on it, say a function, has run DEALLOCATE. */
    static boolean differs(ErrorFields error) {
        boolean lacking = error.sqlState().equals("26000");
        boolean there = error.sqlState().equals("42P05");
        return (lacking || there) && error.message().contains(NAME_PREFIX);
    }

    /** Whether a server says that a statement is older than the schema: its columns would be others now. */
    public static boolean outdated(ErrorFields error) {
        return error.sqlState().equals("0A000")
                && "RevalidateCachedQuery".equals(error.fields().get('R'));
    }
}
