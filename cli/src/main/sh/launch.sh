# How a JVM is started for the thalweg command. Read by the launcher and by the images, each of which has a copy.

# Now, in milliseconds, where bash knows it: what the ready line counts from.
launched=${EPOCHREALTIME-}
launched=${launched/[.,]/}
launched=${launched%???}

main=io.thalweg.cli/io.thalweg.cli.Main

# Modules nobody requires by name: they are found at run time, if they are named.
added=com.github.luben.zstd_jni,org.lz4.java,org.xerial.snappy,org.slf4j.jul,jdk.unsupported
case $(uname -s)-$(uname -m) in
  Linux-x86_64) added=$added,io.netty.transport.epoll.linux.x86_64 ;;
  Linux-aarch64) added=$added,io.netty.transport.epoll.linux.aarch_64 ;;
esac

# Sets options to what a Java of this major version is told; keeps and uses to the options, to be followed by a file, that make it keep what
# a run loads and use that in later runs: an AOT cache from JDK 25 on, a class archive before.
options_for() { # version
  # Compiling less eagerly leaves a start the processors; under load everything hot is compiled within the first second all the same.
  options=(--add-modules "$added" -Xlog:cds=off -XX:CompileThresholdScaling=3)
  if [ "$1" -ge 24 ]; then
    options+=(--enable-native-access=io.netty.common,com.github.luben.zstd_jni,org.xerial.snappy,org.lz4.java)
    # Netty's memory without Unsafe goes through method handles, which cost a tenth of a second to set up.
    options+=(--sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false)
    # The Netty inside Ratis has no native code to load, and would be warned of for trying.
    options+=(-Dorg.apache.ratis.thirdparty.io.netty.transport.noNative=true)
  fi
  if [ "$1" -ge 25 ]; then
    options+=(-Xlog:aot=off)
    keeps=-XX:AOTCacheOutput=
    uses=-XX:AOTCache=
  else
    keeps=-XX:ArchiveClassesAtExit=
    uses=-XX:SharedArchiveFile=
  fi
}

# Without an archive, classes are loaded on a second processor.
without_archive=-Dthalweg.classes.ahead=true

# Becomes the JVM.
launch() { # java, argument...
  local java=$1
  shift
  [ -z "$launched" ] || options+=("-Dthalweg.launched=$launched")
  # The JVM cannot tell whether a person watches, nor how wide the terminal is.
  if [ -t 1 ] && [ -t 2 ]; then
    options+=(-Dthalweg.terminal=true "-Dthalweg.columns=$(tput cols 2>/dev/null || echo 80)")
  fi
  # shellcheck disable=SC2086 # The user's options are several words.
  exec "$java" "${options[@]}" ${THALWEG_JVM_OPTS-} --module "$main" "$@"
}
