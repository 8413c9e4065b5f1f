#!/bin/sh
# Asks each component for its health, and leaves a JUnit report.
failures=0
cases=''
for endpoint in core:8080 dashboard:8081 storefront:8082; do
  component=${endpoint%:*}
  tries=0
  # nc, not wget: a static wget looks names up even where there are none, with libraries that are not in the image
  until printf 'GET /health/ HTTP/1.0\r\n\r\n' | nc -w 2 127.0.0.1 "${endpoint#*:}" 2>/dev/null | grep -q "^ok: $component"; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || break
    sleep 0.5
  done
  if [ "$tries" -lt 30 ]; then
    echo "ok      $component"
    cases="$cases<testcase classname=\"smoke\" name=\"$component answers that it is healthy\"/>"
  else
    echo "FAILED  $component"
    failures=$((failures + 1))
    cases="$cases<testcase classname=\"smoke\" name=\"$component answers that it is healthy\"><failure message=\"no healthy answer within 15 s\"/></testcase>"
  fi
done
echo "<testsuite name=\"smoke\" tests=\"3\" failures=\"$failures\">$cases</testsuite>" >/test/smoke.xml
exit "$failures"
