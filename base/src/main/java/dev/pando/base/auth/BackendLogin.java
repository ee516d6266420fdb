package dev.pando.base.auth;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pando's side of logging in to a server: reads Authentication messages, says what to answer. */
public final class BackendLogin {
    private static final int OK = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private final String shard;
    private final String user;
    private final String password;
    private @Nullable ScramClient scram;
    private boolean done;

    public BackendLogin(String shard, String user, String password) {
        this.shard = shard;
        this.user = user;
        this.password = password;
    }

    public boolean done() {
        return done;
    }

    /**
     * Takes the body of an 'R' message and appends the answer, if one is due, to {@code out} as a whole 'p' message.
     *
     * @throws PandoException BACKEND_LOGIN when the server wants what Pando cannot give or proves wrong
     */
    public void authentication(ByteBuf body, ByteBuf out) {
        int code = body.readInt();
        switch (code) {
            case OK -> done = true;
            case CLEARTEXT -> answer(out, password);
            case MD5 -> {
                byte[] salt = new byte[4];
                body.readBytes(salt);
                answer(out, Md5Password.answer(user, password, salt));
            }
            case SASL -> saslStart(body, out);
            case SASL_CONTINUE -> saslContinue(body, out);
            case SASL_FINAL -> saslFinal(body);
            default -> throw refused("authentication method " + code + " is not supported");
        }
    }

    private void saslStart(ByteBuf body, ByteBuf out) {
        List<String> mechanisms = new ArrayList<>();
        for (String mechanism = Strings.readZeroTerminated(body); !mechanism.isEmpty(); ) {
            mechanisms.add(mechanism);
            mechanism = Strings.readZeroTerminated(body);
        }
        if (!mechanisms.contains(ScramServer.MECHANISM)) {
            throw refused("none of its mechanisms " + mechanisms + " is supported");
        }
        ScramClient client = ScramClient.builder()
                .advertisedMechanisms(List.of(ScramServer.MECHANISM))
                .username("*")
                .password(password.toCharArray())
                .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
                .build();
        scram = client;
        byte[] first = client.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8);
        out.writeByte('p').writeInt(4 + ScramServer.MECHANISM.length() + 1 + 4 + first.length);
        Strings.writeZeroTerminated(out, ScramServer.MECHANISM);
        out.writeInt(first.length).writeBytes(first);
    }

    private void saslContinue(ByteBuf body, ByteBuf out) {
        ScramClient client = started();
        try {
            client.serverFirstMessage(body.toString(StandardCharsets.UTF_8));
            byte[] last = client.clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
            out.writeByte('p').writeInt(4 + last.length).writeBytes(last);
        } catch (ScramException e) {
            throw refused(e.getMessage());
        }
    }

    private void saslFinal(ByteBuf body) {
        try {
            started().serverFinalMessage(body.toString(StandardCharsets.UTF_8));
        } catch (ScramException e) {
            throw refused(e.getMessage());
        }
    }

    private ScramClient started() {
        ScramClient client = scram;
        if (client == null) {
            throw refused("SASL data before SASL began");
        }
        return client;
    }

    private static void answer(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte('p').writeInt(4 + bytes.length + 1).writeBytes(bytes).writeByte(0);
    }

    private PandoException refused(@Nullable String why) {
        return new PandoException(PandoError.BACKEND_LOGIN, shard, user, why == null ? "no reason given" : why);
    }
}
