#!/bin/sh
# The browser tests need a Chromium. Install the distribution's where that can be done without a question; else say how.
set -eu
for name in "${MAILLAGE_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
    if [ "$as_root" != none ]; then
        echo "Installing Chromium for the browser tests..."
        $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null 2>&1 || true
        if command -v chromium >/dev/null 2>&1; then exit 0; fi
    fi
fi
cat >&2 <<'TXT'
The browser tests need Chromium and none was found. Either
  - install it (Debian, Ubuntu: sudo apt-get install chromium; Fedora: sudo dnf install chromium), or
  - name one you have: MAILLAGE_CHROMIUM=/path/to/chrome make test
TXT
exit 1
