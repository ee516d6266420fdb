package dev.pando.base.auth;

import static dev.pando.base.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.base.Fuzzing;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** Clients that log in, and secrets as they are written in files. docs/fuzzing.md tells how to look for more. */
class ScramServerFuzzTest {
    private static final String SERVER_NONCE = "abcdefghijklmnopqrstuvwx";
    private static final byte[] HASH = {9, 8, 7};
    private static final byte[] KEY = ScramVerifier.hmac(new byte[] {1}, "client");
    private static final ScramVerifier VERIFIER = new ScramVerifier(
            4096, new byte[] {1, 2, 3, 4}, ScramVerifier.sha256(KEY), ScramVerifier.hmac(KEY, "server"));
    private static final Set<PandoError> CLEAN = EnumSet.of(PandoError.PROTOCOL_VIOLATION, PandoError.LOGIN_FAILED);

    /**
     * In: a byte of choices, the first message, a line feed, the last one without its proof, which is made here. Let in is who has the key,
     * names the nonce of this exchange and binds to its channel; all others are refused, and nothing worse happens.
     */
    @FuzzTest
    void clients(byte[] input) {
        if (input.length == 0) {
            return;
        }
        boolean hasKey = (input[0] & 1) == 0;
        boolean known = (input[0] & 2) == 0;
        boolean tls = (input[0] & 4) == 0;
        boolean plus = (input[0] & 8) == 0;
        String[] said = new String(input, 1, input.length - 1, StandardCharsets.UTF_8).split("\n", 2);
        var server = new ScramServer("app", VERIFIER, known, SERVER_NONCE, tls ? HASH : null);
        try {
            String first = server.serverFirst(plus ? ScramServer.MECHANISM_PLUS : ScramServer.MECHANISM, said[0]);
            String nonce = first.substring(2, first.indexOf(",s="));
            check(nonce.endsWith(SERVER_NONCE) && nonce.length() > SERVER_NONCE.length(), "nonce " + nonce);
            String header = said[0].substring(0, said[0].indexOf(",,") + 2);
            String bare = said[0].substring(header.length());
            String honest = "c=" + Base64.getEncoder().encodeToString(binding(header, plus)) + ",r=" + nonce;
            String last = said.length > 1 ? said[1] : honest;
            byte[] proof = ScramVerifier.hmac(VERIFIER.storedKey(), bare + "," + first + "," + last);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= hasKey ? KEY[i] : 0;
            }
            boolean welcome = hasKey && known && last.equals(honest);
            try {
                server.serverFinal(last + ",p=" + Base64.getEncoder().encodeToString(proof));
                check(hasKey && known && last.contains(honest.substring(honest.indexOf("r="))), "let in with " + last);
            } catch (PandoException e) {
                check(!welcome, "refused: " + e.getMessage());
                throw e;
            }
        } catch (PandoException e) {
            check(CLEAN.contains(e.error()), "refused as " + e.error());
        }
    }

    private static byte[] binding(String header, boolean plus) {
        byte[] start = header.getBytes(StandardCharsets.UTF_8);
        byte[] bound = Arrays.copyOf(start, start.length + (plus ? HASH.length : 0));
        System.arraycopy(HASH, 0, bound, start.length, bound.length - start.length);
        return bound;
    }

    /** A secret is of one kind, written it is the same secret, and it never shows itself. */
    @FuzzTest
    void secrets(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        StoredSecret secret = Fuzzing.decoded(input.length, Set.of(), () -> StoredSecret.of(text));
        switch (Objects.requireNonNull(secret)) {
            case StoredSecret.Plain(String password) -> check(password.equals(text), "another password");
            case StoredSecret.Md5(String hash) -> check(hash.equals(text) && text.startsWith("md5"), "another hash");
            case StoredSecret.Scram(ScramVerifier verifier) -> {
                check(verifier.equals(ScramVerifier.parse(verifier.text())), "written and read, it is another");
                check(StoredSecret.doubt(text) == null, "doubted");
            }
        }
        check(text.length() < 12 || !secret.toString().contains(text), "it shows itself");
    }
}
