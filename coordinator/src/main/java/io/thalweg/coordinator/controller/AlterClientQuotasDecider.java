package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.QuotaEntity;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.AlterClientQuotasRequest;
import io.thalweg.protocol.message.AlterClientQuotasRequest.Operation;
import io.thalweg.protocol.message.AlterClientQuotasResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** AlterClientQuotas, key 49, versions 0-1: sets and takes back what users, clients and addresses may use. */
final class AlterClientQuotasDecider implements Decider<AlterClientQuotasRequest, AlterClientQuotasResponse> {

    private static final List<String> TYPES = List.of(QuotaEntity.USER, QuotaEntity.CLIENT_ID, QuotaEntity.IP);
    private static final List<String> BYTE_RATES = List.of("producer_byte_rate", "consumer_byte_rate");
    private static final List<String> OF_CLIENTS =
            List.of("producer_byte_rate", "consumer_byte_rate", "request_percentage", "controller_mutation_rate");
    private static final List<String> OF_ADDRESSES = List.of("connection_creation_rate");

    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Za-z.:%-]+");

    @Override
    public Decision<AlterClientQuotasResponse> decide(MetadataImage image, AlterClientQuotasRequest request) {
        var records = new ArrayList<Message>();
        var rows = new ArrayList<AlterClientQuotasResponse.Entry>();
        for (var entry : request.entries()) {
            RefusedException refusal = null;
            try {
                records.addAll(records(image, entry));
            } catch (RefusedException e) {
                refusal = e;
            }
            rows.add(row(entry, refusal));
        }
        var reply = AlterClientQuotasResponse.builder().entries(rows).build();
        return new Decision<>(request.validateOnly() ? List.of() : records, reply);
    }

    private static List<Message> records(MetadataImage image, AlterClientQuotasRequest.Entry entry) {
        var entity = entity(entry.entity());
        var isAddress = entity.names().containsKey(QuotaEntity.IP);
        var resource = entity.toResource();
        var set = image.configs(resource);
        var records = new ArrayList<Message>();
        for (var operation : entry.ops()) {
            check(operation, isAddress ? OF_ADDRESSES : OF_CLIENTS);
            var value = operation.remove() ? null : Double.toString(operation.value());
            if (value != null || set.containsKey(operation.key())) {
                records.add(ImageRecords.config(resource, operation.key(), value));
            }
        }
        return records;
    }

    private static QuotaEntity entity(List<AlterClientQuotasRequest.Entity> parts) {
        var names = new TreeMap<String, Optional<String>>();
        for (var part : parts) {
            if (!TYPES.contains(part.entityType())) {
                throw invalid("entity type '" + part.entityType() + "' refused: expected user, client-id or ip");
            }
            if (names.put(part.entityType(), Optional.ofNullable(part.entityName())) != null) {
                throw invalid("entity type " + part.entityType() + " is named twice");
            }
            if ("".equals(part.entityName())) {
                throw invalid("a " + part.entityType() + " has an empty name: expected none for the default");
            }
        }
        if (names.isEmpty()) {
            throw invalid("a quota needs somebody it is for");
        }
        if (names.containsKey(QuotaEntity.IP) && names.size() > 1) {
            throw invalid("a quota for an address cannot be for a user or a client id as well");
        }
        var address = names.getOrDefault(QuotaEntity.IP, Optional.empty());
        if (address.isPresent() && !ADDRESS.matcher(address.get()).matches()) {
            throw invalid("address '" + address.get() + "' refused: expected an IP address or the name of a host");
        }
        return new QuotaEntity(names);
    }

    private static void check(Operation operation, List<String> keys) {
        var key = operation.key();
        if (!keys.contains(key)) {
            throw invalid("quota '" + key + "' refused: expected one of " + String.join(", ", keys));
        }
        if (operation.remove()) {
            return;
        }
        var value = operation.value();
        if (!(value > 0) || Double.isInfinite(value)) {
            throw invalid("quota " + key + "=" + value + " refused: expected a number above 0");
        }
        if (BYTE_RATES.contains(key) && value != Math.rint(value)) {
            throw invalid("quota " + key + "=" + value + " refused: expected a whole number of bytes");
        }
    }

    private static RefusedException invalid(String message) {
        return new RefusedException(ErrorCode.INVALID_REQUEST, message);
    }

    private static AlterClientQuotasResponse.Entry row(
            AlterClientQuotasRequest.Entry entry, @Nullable RefusedException refusal) {
        return AlterClientQuotasResponse.Entry.builder()
                .errorCode(AlteredResources.codeOf(refusal))
                .errorMessage(AlteredResources.textOf(refusal))
                .entity(entry.entity().stream()
                        .map(part -> new AlterClientQuotasResponse.Entity(part.entityType(), part.entityName()))
                        .toList())
                .build();
    }
}
