package io.thalweg.integration.sdk;

import io.thalweg.api.GroupProtocol;

/** The same, with groups of the classic protocol. */
final class ClassicFailoverSdkTest extends FailoverSdkTest {

    @Override
    GroupProtocol protocol() {
        return GroupProtocol.CLASSIC;
    }
}
