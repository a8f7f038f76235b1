package io.thalweg.tck.storage;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageProvider;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proof of a storage engine: extend it, implement {@link #provider}, declare the abilities, run it.
 *
 * <p>Each test opens an engine of its own. Tests whose ability is not declared are skipped with a message.
 */
public abstract class StorageContract {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
    Path directory;

    /** Called by JUnit. */
    protected StorageContract() {}

    /**
     * A provider of the storage under test. Within a test it is called with one directory; an engine opened from the provider finds
     * what an earlier one stored.
     *
     * @param directory an empty directory of the test's own, for engines that need one
     */
    protected abstract StorageProvider provider(Path directory);

    /** What the engine says it can do. */
    protected Set<StorageAbility> abilities() {
        return EnumSet.noneOf(StorageAbility.class);
    }

    /** The settings that the engine is opened with. */
    protected ConfigValues config(Path directory) {
        return ConfigValues.empty();
    }

    /**
     * A provider that finds what would be there if the process died now, while an engine of {@code provider} is open and goes on;
     * for engines that declare {@link StorageAbility#SURVIVES_CRASH}. An engine on files copies them to {@code copy}.
     *
     * @param copy an empty directory for the storage found after the crash
     */
    protected StorageProvider crashed(StorageProvider provider, Path directory, Path copy) {
        throw new UnsupportedOperationException("implement this to declare " + StorageAbility.SURVIVES_CRASH);
    }

    /**
     * Damages what is stored of a log, as no engine does it; for engines that declare {@link StorageAbility#CAN_BE_DAMAGED}. No engine is
     * open.
     *
     * @param directory of the storage
     * @param damage what is to happen
     * @param offset that the damaged batch holds
     */
    protected void damage(Path directory, LogId id, Damage damage, long offset) {
        throw new UnsupportedOperationException("implement this to declare " + StorageAbility.CAN_BE_DAMAGED);
    }

    @Nested
    final class Append extends AppendSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Read extends ReadSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Truncate extends TruncateSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Start extends StartSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Segmented extends SegmentedSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Find extends FindSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Commit extends CommitSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Checkpoint extends CheckpointSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Engine extends EngineSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Listing extends ListingSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Close extends CloseSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Crash extends CrashSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Damaged extends DamageSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Placed extends PlacedSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Concurrency extends ConcurrencySuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    @Nested
    final class Model extends ModelSuite {
        @Override
        StorageRig rig() {
            return newRig();
        }
    }

    private StorageRig newRig() {
        return new StorageRig(this, directory);
    }
}
