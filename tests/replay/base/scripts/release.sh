#!/bin/sh
set -eu
git tag "v$1"
git push origin "v$1"
