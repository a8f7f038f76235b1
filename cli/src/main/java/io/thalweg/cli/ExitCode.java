package io.thalweg.cli;

/** What the command's exit codes mean; shown in its help. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int CHECK_FAILED = 4;
    static final int NO_INPUT = 5;

    private ExitCode() {}
}
