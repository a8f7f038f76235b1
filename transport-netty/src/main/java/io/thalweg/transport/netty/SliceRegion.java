package io.thalweg.transport.netty;

import io.netty.channel.DefaultFileRegion;
import io.thalweg.spi.storage.FileSlice;

/** A slice of a file on its way to a socket, by sendfile. Netty releases it once it is sent or dropped, which closes the slice only. */
final class SliceRegion extends DefaultFileRegion {

    private final FileSlice slice;

    SliceRegion(FileSlice slice) {
        super(slice.channel(), slice.position(), slice.sizeInBytes());
        this.slice = slice;
    }

    /** Whether the kernel can be handed the file: Netty reaches into the JDK's own class of channel for its descriptor. */
    static boolean fits(FileSlice slice) {
        return slice.channel().getClass().getModule() == Object.class.getModule();
    }

    @Override
    protected void deallocate() {
        slice.close();
    }
}
