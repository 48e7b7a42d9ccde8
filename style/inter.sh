#!/usr/bin/env bash
# Makes public/fonts/inter.woff2 from the Inter that its authors publish: Western European letters, the signs this
# interface uses, weights 400 to 700, and of its features only those the style sheet turns on (tabular figures, slashed zero,
# round quotes, the distinguishable l and a, case-sensitive punctuation). Contextual alternates are left out on purpose: they
# draw "->" as an arrow and "1x2" as a product, and what people read here must be what Atlas holds.
# Needs npm and Python; the result is committed, so nobody else has to run this.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet fonttools==4.60.1 brotli==1.1.0
tar xzf "$(npm pack --silent inter-ui@4.1.1)"
signs=U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DC,U+2009,U+200B,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2032,U+2033,U+2039,U+203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2197,U+2212,U+2248,U+2260,U+2264,U+2265,U+2318,U+2713,U+FFFD
env/bin/fonttools varLib.instancer --quiet package/variable/InterVariable.woff2 opsz=14 wght=400:700 -o inter.ttf
env/bin/pyftsubset inter.ttf --unicodes="$signs" --layout-features=kern,tnum,ss03,cv05,cv11,zero,locl,case,ccmp \
  --no-hinting --flavor=woff2 --output-file="$here/public/fonts/inter.woff2"
cp package/LICENSE.txt "$here/public/fonts/OFL.txt"
