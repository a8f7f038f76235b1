/**
 * From schema files to Java: {@link io.thalweg.protocol.generator.SchemaLexer} cuts a file into tokens,
 * {@link io.thalweg.protocol.generator.SchemaParser} makes the model of them and checks it, and the writers turn the
 * model into records.
 *
 * <h2>The notation</h2>
 *
 * <pre>
 * # Appends record batches to the logs of partitions.
 *
 * api Produce key 0 versions 3-13 flexible 9+
 *
 * request {
 *     transactionalId  string?  = null
 *     acks             int16
 *     topicData        []Topic {
 *         name     string    3-12  ignorable
 *         topicId  uuid      13+   ignorable
 *         ...
 *     }
 * }
 *
 * response {
 *     ...
 *     nodeEndpoints    []NodeEndpoint  10+  tag 0 {
 *         ...
 *     }
 * }
 * </pre>
 *
 * <p>A file starts with what it is about; the comment above its first declaration becomes Javadoc. Then come declarations:
 *
 * <ul>
 *   <li>{@code api Name key n versions v}, then {@code request} and {@code response}, each a block of fields. Optional after
 *       the versions: {@code flexible v}, the versions with variable-length numbers and tagged fields; {@code unstable v},
 *       versions that are not offered yet; {@code internal}, never offered to clients.
 *   <li>{@code header Name versions v flexible v} and {@code record Name versions v flexible v}, each a block of fields:
 *       messages that belong to no API. A {@code record} may have a {@code key n}, which becomes its constant {@code KEY}.
 *   <li>{@code struct Name}, first in a block: a part that several fields of the message use.
 * </ul>
 *
 * <p>A field is one line: name, type, then in any order
 *
 * <ul>
 *   <li>the versions that have it, if it is not in all that its struct has: {@code 4+}, {@code 3-12} or {@code 7};
 *   <li>{@code = literal}: the default, if it is not zero, false, empty or a struct of defaults;
 *   <li>{@code tag n}: it is a tagged field, written only if it does not hold its default;
 *   <li>{@code ignorable}: writing a version without it drops its value instead of failing;
 *   <li>{@code plain}: its length has a fixed size even in flexible versions.
 * </ul>
 *
 * <p>Types are {@code bool int8 int16 uint16 int32 int64 float64 uuid string bytes records}, the name of a struct, or
 * {@code []} and one of those for a list. {@code ?} after the type allows null, {@code ?(4+)} in these versions only. The
 * first field with a struct may declare it: its block follows on the same line. {@code #} starts a comment.
 */
package io.thalweg.protocol.generator;
