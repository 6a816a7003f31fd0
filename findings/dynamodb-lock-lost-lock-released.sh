#!/usr/bin/env bash
# dynamodb-lock-client 0.7.3, a lock with fencing tokens on DynamoDB, with aws-sdk 2.1693.0 on dynalite 4.0.0, which stands in for DynamoDB. A holder without
# heartbeats (`FailOpen`) stays longer than its lease, another one takes the lock, and the first one releases it.
#
# Guess: `release` tells the holder that the lock was not its own any more, so that it can undo or report what it did meanwhile; a release is the last place to learn
#   of it.
# Behaviour: `release` succeeds, with no error, for the lock that was lost as for one that was held. The other's lock is untouched, as it should be, and its token is
#   higher. A lock of the other kind (`FailClosed`) does say "Failed to release lock." when it was removed meanwhile.
# Consequence: only a heartbeat that fails (the event "error") or a resource that checks the token tells of a lost lock. With neither, nobody knows.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts dynamodb-lock-client@0.7.3 aws-sdk@2.1693.0 dynalite@4.0.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { promisify } = require("node:util");
const AWS = require("aws-sdk");
const dynalite = require("dynalite");
const { FailClosed, FailOpen } = require("dynamodb-lock-client");
const TableName = "locks";
const server = dynalite({ createTableMs: 0 });
server.listen(0, "127.0.0.1", async () => {
  const options = { region: "us-east-1", endpoint: `http://127.0.0.1:${server.address().port}`, accessKeyId: "x", secretAccessKey: "x" };
  const AttributeDefinitions = [{ AttributeName: "id", AttributeType: "S" }];
  await new AWS.DynamoDB(options).createTable({ TableName, AttributeDefinitions, KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" }).promise();
  await new AWS.DynamoDB(options).waitFor("tableExists", { TableName, $waiter: { delay: 1 } }).promise();
  const dynamodb = new AWS.DynamoDB.DocumentClient(options);
  const acquire = (Kind, id) => {
    const times = Kind === FailOpen ? { leaseDurationMs: 500, retryCount: 5 } : { acquirePeriodMs: 500, retryCount: 5 };
    const client = new Kind({ dynamodb, lockTable: TableName, partitionKey: "id", owner: "r0", ...times });
    return promisify(client.acquireLock.bind(client))(id);
  };
  const release = (lock) => promisify(lock.release.bind(lock))().then(() => "no error", (error) => error.message);
  const token = async (id) => (await dynamodb.get({ TableName, Key: { id } }).promise()).Item?.fencingToken;
  const held = await acquire(FailOpen, "held");
  console.log(`a lock that is held: ${await release(held)}`);
  const lost = await acquire(FailOpen, "lost");
  const taken = await acquire(FailOpen, "lost");
  console.log(`a lock that was lost: ${await release(lost)}; tokens ${lost.fencingToken}, then ${taken.fencingToken}, in the table ${await token("lost")}`);
  const closed = await acquire(FailClosed, "closed");
  await dynamodb.delete({ TableName, Key: { id: "closed" } }).promise();
  console.log(`a lock of the other kind: ${await release(closed)}`);
  process.exit(0);
});
JS
found=$(AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE=1 node try.cjs)
expected='a lock that is held: no error
a lock that was lost: no error; tokens 1, then 2, in the table 2
a lock of the other kind: Failed to release lock.'
echo "$found"
[ "$found" = "$expected" ]
