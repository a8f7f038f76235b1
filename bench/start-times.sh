#!/usr/bin/env bash
# Prints how long a server takes from the launch of its process to its ready line and to the first acknowledged record, and the processor
# time until then, as minimum and median of some starts: on each JDK there is, with and without the launcher's class archive, and from the
# image if there is one.
#
#   start-times.sh [STARTS]      20 if not given; wants a machine that does nothing else
set -euo pipefail
cd "$(dirname "$0")/.."
starts=${1-20}

[ -e cli/target/modules/.complete ] || ./thalweg --version >/dev/null

measure() { # label, command...
  java --module-path cli/target/modules --add-modules io.thalweg.client,io.thalweg.transport.netty,org.slf4j.jul \
    bench/StartTimes.java "$1" "$starts" "${@:2}" 2>/dev/null
}

echo "$(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown); minimum / median of $starts starts"
for jdk in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*-17-*/ /usr/lib/jvm/*-25-*/; do
  [ -x "$jdk/bin/java" ] || continue
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")
  measure "JDK $version" env THALWEG_JAVA_HOME="$jdk" THALWEG_CACHE= ./thalweg
  THALWEG_JAVA_HOME=$jdk ./thalweg --version >/dev/null 2>&1
  measure "JDK $version, archive" env THALWEG_JAVA_HOME="$jdk" ./thalweg
done
[ ! -x cli/target/image/bin/thalweg ] || measure "image" cli/target/image/bin/thalweg
