#!/bin/sh
# Runs once, when the postgres container first starts: five databases, each with a role that is at home in it and in no other.
# The wallet's has two: its owner migrates, and payflow_wallet, which serves, gets what the migrations grant it.
set -eu

as_superuser() {
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres "$@"
}

create() {
    as_superuser --set name="payflow_$1" --set owner="payflow_${3:-$1}" --set password="$2" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"owner";
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
}

let_serve() {
    as_superuser --set name="payflow_$1" --set password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE :"name" TO :"name";
SQL
}

create users "$USERS_DATABASE_PASSWORD"
create wallet "$WALLET_OWNER_DATABASE_PASSWORD" wallet_owner
let_serve wallet "$WALLET_DATABASE_PASSWORD"
create transactions "$TRANSACTIONS_DATABASE_PASSWORD"
create rewards "$REWARDS_DATABASE_PASSWORD"
create notifications "$NOTIFICATIONS_DATABASE_PASSWORD"
as_superuser --command "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC" \
    --command "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC"
