package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;
import io.penstock.broker.zk.ZkSettings;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RegistrationJsonTest {

    private static final String PATH = "/brokers/ids/1";
    private static final List<Endpoint> ENDPOINTS =
            List.of(new Endpoint("INTERNAL", "broker-1", 9093, SecurityProtocol.PLAINTEXT));

    private final MembershipSettings settings =
            new MembershipSettings(
                    1,
                    new Uuid(7, 8),
                    ENDPOINTS,
                    Optional.of("rack-a"),
                    "INTERNAL",
                    Optional.empty(),
                    principal -> true,
                    Path.of("unused"),
                    new ZkSettings(
                            "zookeeper", Duration.ofSeconds(6), Duration.ofSeconds(6), Map.of()),
                    Map.of());

    @Test
    void whatIsEncodedIsDecoded() {
        List<PreviousStop> stops =
                List.of(
                        new PreviousStop(-1, new Uuid(1, 2), StopKind.PROCESS),
                        new PreviousStop(12, new Uuid(1, 1), StopKind.MACHINE));

        BrokerRegistration decoded = decode(RegistrationJson.encode(settings, stops, 5));

        assertThat(decoded)
                .isEqualTo(
                        new BrokerRegistration(
                                1,
                                20,
                                new Uuid(7, 8),
                                ENDPOINTS,
                                Optional.of("rack-a"),
                                false,
                                stops));
    }

    @Test
    void aBrokerWithoutAPastSaysSo() {
        BrokerRegistration decoded = decode(RegistrationJson.encode(settings, List.of(), 5));

        assertThat(decoded.stops()).isEmpty();
        assertThat(decoded.lastStop()).isEqualTo(PreviousStop.UNKNOWN);
    }

    @Test
    void aBrokerOfAnOlderVersionTellsOfItsLastProcess() {
        String older =
                "{\"version\":5,\"endpoints\":[],\"previous_broker_epoch\":12,\"stop\":\"CLEAN\"}";

        assertThat(decode(older.getBytes(UTF_8)).stops())
                .containsExactly(new PreviousStop(12, Uuid.ZERO_UUID, StopKind.CLEAN));
    }

    /** It asks for the fields that it knows. */
    @Test
    void aControllerOfAnOlderVersionIsToldOfTheLastProcess() {
        List<PreviousStop> stops = List.of(new PreviousStop(12, new Uuid(1, 1), StopKind.PROCESS));

        String encoded = new String(RegistrationJson.encode(settings, stops, 5), UTF_8);

        assertThat(encoded).contains("\"previous_broker_epoch\":12", "\"stop\":\"PROCESS\"");
    }

    private static BrokerRegistration decode(byte[] data) {
        return RegistrationJson.decode(PATH, 1, 20, data);
    }
}
