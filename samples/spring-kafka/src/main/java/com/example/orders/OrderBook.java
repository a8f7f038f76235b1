package com.example.orders;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** What was ordered, by customer. The threads of the listener write, any thread reads. */
@Component
class OrderBook {

    private final Map<String, Integer> orders = new ConcurrentSkipListMap<>();

    @KafkaListener(topics = OrdersConfiguration.TOPIC, groupId = "order-book")
    void ordered(ConsumerRecord<String, String> order) {
        orders.merge(order.key(), Integer.parseInt(order.value()), Integer::sum);
    }

    Map<String, Integer> orders() {
        return Map.copyOf(orders);
    }
}
