/** What a snippet is filled with. The password is never one of them: programs read it from the environment. */
export interface Connection {
  servers: string;
  username: string;
  topic: string;
  caFile: string;
}

export interface Snippet {
  name: string;
  code: string;
}

const java = ({
  servers,
  username,
  topic,
  caFile,
}: Connection) => `// org.apache.kafka:kafka-clients; PENSTOCK_PASSWORD in the environment
import java.nio.file.*;
import java.util.Properties;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.StringSerializer;

public class Produce {
  public static void main(String[] args) throws Exception {
    var settings = new Properties();
    settings.put("bootstrap.servers", "${servers}");
    settings.put("security.protocol", "SASL_SSL");
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.certificates", Files.readString(Path.of("${caFile}")));
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put("sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\\"${username}\\" password=\\""
            + System.getenv("PENSTOCK_PASSWORD") + "\\";");
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      System.out.println(producer.send(new ProducerRecord<>("${topic}", "key", "hello")).get());
    }
  }
}`;

const python = ({
  servers,
  username,
  topic,
  caFile,
}: Connection) => `# pip install confluent-kafka; PENSTOCK_PASSWORD in the environment
import os
from confluent_kafka import Producer

producer = Producer({
    "bootstrap.servers": "${servers}",
    "security.protocol": "SASL_SSL",
    "ssl.ca.location": "${caFile}",
    "sasl.mechanisms": "SCRAM-SHA-512",
    "sasl.username": "${username}",
    "sasl.password": os.environ["PENSTOCK_PASSWORD"],
})
producer.produce("${topic}", key="key", value="hello", on_delivery=lambda error, message: print(error or message.offset()))
producer.flush(30)`;

const go = ({
  servers,
  username,
  topic,
  caFile,
}: Connection) => `// go get github.com/twmb/franz-go; PENSTOCK_PASSWORD in the environment
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

func main() {
	pem, err := os.ReadFile("${caFile}")
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client, err := kgo.NewClient(
		kgo.SeedBrokers(${servers
      .split(',')
      .map((server) => `"${server}"`)
      .join(', ')}),
		kgo.DialTLSConfig(&tls.Config{RootCAs: roots}),
		kgo.SASL(scram.Auth{User: "${username}", Pass: os.Getenv("PENSTOCK_PASSWORD")}.AsSha512Mechanism()),
	)
	if err != nil {
		panic(err)
	}
	defer client.Close()
	record := &kgo.Record{Topic: "${topic}", Key: []byte("key"), Value: []byte("hello")}
	fmt.Println(client.ProduceSync(context.Background(), record).FirstErr())
}`;

const node = ({
  servers,
  username,
  topic,
  caFile,
}: Connection) => `// npm install kafkajs; PENSTOCK_PASSWORD in the environment; run as an .mjs file
import { readFileSync } from 'node:fs';
import { Kafka } from 'kafkajs';

const kafka = new Kafka({
  brokers: [${servers
    .split(',')
    .map((server) => `'${server}'`)
    .join(', ')}],
  ssl: { ca: [readFileSync('${caFile}', 'utf8')] },
  sasl: { mechanism: 'scram-sha-512', username: '${username}', password: process.env.PENSTOCK_PASSWORD },
});
const producer = kafka.producer();
await producer.connect();
console.log(await producer.send({ topic: '${topic}', messages: [{ key: 'key', value: 'hello' }] }));
await producer.disconnect();`;

/** librdkafka reads the file given by -F, so that the password is in no command line. */
const kcat = ({ servers, username, topic, caFile }: Connection) => `# PENSTOCK_PASSWORD in the environment
(umask 077; cat > kcat.conf <<END
bootstrap.servers=${servers}
security.protocol=SASL_SSL
ssl.ca.location=${caFile}
sasl.mechanisms=SCRAM-SHA-512
sasl.username=${username}
sasl.password=$PENSTOCK_PASSWORD
END
)
echo hello | kcat -F kcat.conf -P -t ${topic}
kcat -F kcat.conf -C -t ${topic} -o beginning -e`;

const properties = ({
  servers,
  username,
  caFile,
}: Connection) => `# For Kafka's own tools: --command-config client.properties; put the password in
bootstrap.servers=${servers}
security.protocol=SASL_SSL
ssl.truststore.type=PEM
ssl.truststore.location=${caFile}
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${username}" password="PASSWORD";`;

export function snippetsOf(connection: Connection): Snippet[] {
  return [
    { name: 'Java', code: java(connection) },
    { name: 'Python', code: python(connection) },
    { name: 'Go', code: go(connection) },
    { name: 'Node', code: node(connection) },
    { name: 'kcat', code: kcat(connection) },
    { name: 'Properties', code: properties(connection) },
  ];
}
