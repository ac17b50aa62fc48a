"""`python -m tests.kafka`: fetch Apache Kafka, once; says why and ends with 1 where this machine cannot have it."""

from __future__ import annotations

import sys

from tests.kafka.jars import KafkaUnavailable, ensure_jars, java

try:
    java()
    ensure_jars()
except KafkaUnavailable as reason:
    sys.exit(str(reason))
