#!/bin/sh
# Written by `vibecheck init`: audits what is about to be committed. `git commit --no-verify` skips it once.
if ! command -v vibecheck >/dev/null 2>&1; then
  echo "vibecheck is not installed here, so this commit was not checked." >&2
  exit 0
fi
exec vibecheck audit --staged -- "{{path}}"
