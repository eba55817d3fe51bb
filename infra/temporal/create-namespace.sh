#!/bin/sh
# Creates the namespace of the runs and the search attributes that they carry. Safe to repeat.
set -eu
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
for name in pipeline factory environment batch trigger window outcome; do
  temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type Keyword
done
