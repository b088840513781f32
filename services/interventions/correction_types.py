"""The stored names of corrections and retractions."""

from shared.domain.events import TYPE_PREFIX

CORRECTED = TYPE_PREFIX + "event-corrected.v1"
RETRACTED = TYPE_PREFIX + "event-retracted.v1"
