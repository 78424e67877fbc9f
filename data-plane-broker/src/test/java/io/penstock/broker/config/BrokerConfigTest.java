package io.penstock.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

import java.util.Properties;

class BrokerConfigTest {

    @Test
    void readsListenersWithTheirOwnOverrides() {
        Properties properties = minimal();
        properties.setProperty("listeners", "CLIENT://10.0.0.1:9094,INTERNAL://10.0.0.1:9093");
        properties.setProperty("listener.security.protocol.map", "CLIENT:SASL_SSL,INTERNAL:SSL");
        properties.setProperty("inter.broker.listener.name", "INTERNAL");
        properties.setProperty("ssl.keystore.location", "/identity/keystore.pem");
        properties.setProperty("ssl.keystore.type", "PEM");
        properties.setProperty("listener.name.internal.ssl.client.auth", "required");
        properties.setProperty("listener.name.client.connections.max.reauth.ms", "3600000");

        BrokerConfig config = BrokerConfig.from(properties);

        assertThat(config.interBroker().protocol()).isEqualTo(SecurityProtocol.SSL);
        assertThat(config.interBroker().tls().orElseThrow().clientAuthentication())
                .isEqualTo(TlsSettings.ClientAuthentication.REQUIRED);
        ListenerSettings client = config.listener("CLIENT").orElseThrow();
        assertThat(client.tls().orElseThrow().clientAuthentication())
                .isEqualTo(TlsSettings.ClientAuthentication.NONE);
        assertThat(client.maxReauthenticationMillis()).isEqualTo(3_600_000);
        assertThat(client.advertised()).isEqualTo(new HostPort("10.0.0.1", 9094));
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() {
        Properties properties = minimal();
        properties.setProperty("num.partitionz", "3");
        properties.setProperty("num.partitions", "0");
        properties.setProperty("min.insync.replicas", "two");
        properties.setProperty("log.message.timestamp.type", "Sometimes");

        assertThatThrownBy(() -> BrokerConfig.from(properties))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("num.partitionz = '3'")
                .hasMessageContaining("num.partitions = '0'")
                .hasMessageContaining("at least 1")
                .hasMessageContaining("min.insync.replicas = 'two'")
                .hasMessageContaining("CreateTime, LogAppendTime");
    }

    @Test
    void tellsWhatWasSetInVain() {
        Properties properties = minimal();
        properties.setProperty("num.replica.fetchers", "4");
        properties.setProperty("num.partitions", "3");
        properties.setProperty("log.retention.hours", "1");
        properties.setProperty("group.max.session.timeout.ms", "60000");
        properties.setProperty("listener.name.plaintext.sasl.server.max.receive.size", "1000");

        assertThat(BrokerConfig.from(properties).values().withoutEffect())
                .containsExactly("num.replica.fetchers");
    }

    @Test
    void startsNoMoreEventLoopsThanTheMachineHasProcessorsFor() {
        int spare = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        Properties properties = minimal();

        assertThat(BrokerConfig.from(properties).network().eventLoops()).isEqualTo(spare);

        properties.setProperty("num.network.threads", "1");
        assertThat(BrokerConfig.from(properties).network().eventLoops()).isEqualTo(1);

        properties.setProperty("num.network.threads", "1000");
        assertThat(BrokerConfig.from(properties).network().eventLoops()).isEqualTo(spare);
    }

    @Test
    void saysWhatMustBeSet() {
        assertThatThrownBy(() -> BrokerConfig.from(new Properties()))
                .hasMessageContaining("broker.id")
                .hasMessageContaining("zookeeper.connect");
    }

    @Test
    void knowsThePropertiesOfBothKafkas() {
        assertThat(BrokerPropertyTable.definitions())
                .containsKeys(
                        "zookeeper.set.acl",
                        "inter.broker.protocol.version",
                        "group.share.max.groups",
                        "controller.quorum.voters",
                        "penstock.management.listener");
    }

    @Test
    void showsNoSecret() {
        Properties properties = minimal();
        properties.setProperty("ssl.keystore.password", "hunter2");

        assertThat(BrokerConfig.from(properties).toString()).doesNotContain("hunter2");
    }

    private static Properties minimal() {
        Properties properties = new Properties();
        properties.setProperty("broker.id", "1");
        properties.setProperty("zookeeper.connect", "127.0.0.1:2181");
        properties.setProperty("listeners", "PLAINTEXT://127.0.0.1:9092");
        return properties;
    }
}
