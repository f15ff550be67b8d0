ALTER TABLE claims DROP CONSTRAINT claims_notice;
DROP TABLE objections, notices, recusals, votes, claim_duties, duties, duty_posts, claim_evidence, evidence, claim_events, claims, rule_layers, rule_books;
DROP FUNCTION refuse_change_of_adopted();
