#!/usr/bin/env bash
# Records the demo's sample logs by running a small web shop for about 75 seconds.
#   bash record.sh DIR
# Needs nginx, node, python3, a JDK and Go on PATH, and pino and winston where node finds them from
# this folder (a node_modules above it, or one named in NODE_PATH). Downloads nothing; everything
# listens on 127.0.0.1, ports 4101-4103 and 8480-8481.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: bash record.sh DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
seconds=75

# The logs name the folder the shop ran in, so it has a plain name where that is possible.
app=/srv/shop
mkdir "$app" 2>/dev/null || app=$(mktemp -d)
chmod 755 "$app"
pids=()
cleanup() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$app"
}
trap cleanup EXIT

unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS NODE_OPTIONS
export TZ=UTC LC_ALL=C.UTF-8 HOSTNAME=3f9c1b7e5a20 GOTOOLCHAIN=local GOPROXY=off GO111MODULE=off

cp "$here"/*.mjs "$here"/billing.py "$here"/nginx.conf "$app"
mkdir -p "$app"/{logs,tmp,classes} "$app"/www/{css,js,img,fonts}
modules=$(cd "$here" && node -p 'path.resolve(require.resolve("pino/package.json"), "../..")')
ln -s "$modules" "$app/node_modules"
for page in index:8200 product:6100 search:5400 account:3900 checkout:4700 css/shop.css:18400 js/app.js:64200 \
  js/cart.js:21800 img/logo.svg:2300 img/hero.jpg:148000 fonts/tea.woff2:31700; do
  name=${page%:*}
  [[ $name == *.* ]] || name=$name.html
  head -c "${page#*:}" /dev/zero | tr '\0' ' ' >"$app/www/$name"
done
javac -d "$app/classes" "$here/Checkout.java"
(cd "$here" && go build -o "$app/search" search.go)

cd "$app"
run() { # run NAME COMMAND...: starts a service in the background, its output in logs/NAME.log
  local name=$1
  shift
  "$@" >>"logs/$name.log" 2>&1 &
  pids+=($!)
}
ready() { # ready PORT: waits until something listens there
  until (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do sleep 0.1; done
}

nginx -p "$app" -e logs/web.error.log -c nginx.conf &
nginx=$!
pids+=($nginx)
run search ./search
run cart node cart.mjs
run orders node orders.mjs 27
orders=$!
for port in 4101 4102 4103; do ready $port; done

run billing python3 billing.py $((seconds - 4))
run checkout java -Duser.language=en -cp classes \
  "-Djava.util.logging.SimpleFormatter.format=%1\$tFT%1\$tT.%1\$tLZ %4\$-7s [main] %3\$s - %5\$s%6\$s%n" \
  com.shop.Checkout $((seconds - 4))
node traffic.mjs "$seconds" &
traffic=$!
pids+=($traffic)

# The order service crashes twice; nginx answers 502 until it is back.
for next in 21 0; do
  wait $orders || true
  sleep 2
  run orders node orders.mjs $next
  orders=$!
done

wait $traffic
kill -QUIT $nginx
wait $nginx
kill "${pids[@]}" 2>/dev/null || true
pids=()
wait

# nginx's start-up line about the operating system says nothing about the shop.
sed '/\[notice\].*: OS: /d' logs/web.error.log >logs/web.error.kept
mv logs/web.error.kept logs/web.error.log
for log in web.access web.error edge.access.json orders cart billing checkout search; do
  cp "logs/$log.log" "$out/$log.log"
  wc -l "$out/$log.log"
done
