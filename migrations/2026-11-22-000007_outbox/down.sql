DROP FUNCTION outbox_put_messages(uuid, uuid[], uuid[], timestamptz);
DROP TABLE subscription_grants;
DROP TABLE outbox;
