#!/bin/sh
# Runs once, when the postgres container first starts: five databases with five roles, each at home in its own only.
set -eu

create() {
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set name="payflow_$1" --set password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
}

create users "$USERS_DATABASE_PASSWORD"
create wallet "$WALLET_DATABASE_PASSWORD"
create transactions "$TRANSACTIONS_DATABASE_PASSWORD"
create rewards "$REWARDS_DATABASE_PASSWORD"
create notifications "$NOTIFICATIONS_DATABASE_PASSWORD"
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --command "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC" --command "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC"
