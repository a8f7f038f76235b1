package com.example.orders;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

/** spring-kafka as one configures it anywhere. What is different is the first bean: the broker lives in the application. */
@Configuration
@ComponentScan
@EnableKafka
class OrdersConfiguration {

    static final String TOPIC = "orders";

    /** Keeps the logs in the directory; closed with the application, whose groups wait for nobody else. */
    @Bean
    Broker broker(Path directory) {
        return Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("group.initial.rebalance.delay.ms", "0")
                .start();
    }

    @Bean
    KafkaAdmin admin(Broker broker) {
        return new KafkaAdmin(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @Bean
    NewTopic orders() {
        return TopicBuilder.name(TOPIC).partitions(3).build();
    }

    @Bean
    KafkaTemplate<String, String> template(Broker broker) {
        return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer()));
    }

    @Bean
    ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(Broker broker) {
        var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
        factory.setConcurrency(3);
        factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer()));
        return factory;
    }
}
