/** What clients may use of the broker, and how much they have used of it. */
package io.thalweg.broker.quota;
