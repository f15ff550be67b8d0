DROP TABLE audit_log, wechat_tokens, idempotency_keys, messages, binding_requests, invitations,
    role_grants, sessions, users, kinships, villagers, households, grids, holidays, divisions;
DROP FUNCTION refuse_change();
