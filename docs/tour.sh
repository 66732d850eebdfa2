#!/bin/sh
# The whole job on a terminal, against the simulator. Needs nothing but kw.
set -eu
cd "$(mktemp -d)"; umask 077; export KEYWRIGHT_HOME="$PWD/vault"
echo 'quiet marble otter lantern seventeen' > passphrase   # choose your own, or be asked
kw() { command kw --passphrase-file passphrase "$@"; }

kw init --recovery-file recovery                           # keep that file elsewhere
command kw simulator --revoke-delay 2 --credential-file admin > address 2> simulator.log &
trap 'kill $!' EXIT
until [ -s admin ]; do sleep 0.1; done                     # written when it is ready

kw connect agent.ceo --name acme --set org_id=acme \
    --base-url "$(cat address)" --credential-file admin
kw create acme --name erp-import --scope agent:cto,svc:wiki:read --expires 30d
kw reveal erp-import > erp.secret                          # at a desk: kw copy erp-import
kw edit erp-import --note 'Nightly import' --tag erp --use 'ERP importer=/srv/erp/.env'
kw keys tag:erp 'expires:<60d'
kw show erp-import
kw check --severity info || echo "what needs you is listed above (exit code $?)"
kw revoke erp-import --used-anyway erp-import --reason 'the tour is over'
kw log --verify
