DROP TABLE star_proof_readings;
DROP TABLE star_proofs;
DROP TABLE unlisted_households;
DROP TABLE eligibility_entries;
DROP TABLE eligibility_lists;
DROP TABLE payout_handovers;
DROP TABLE payout_lines;
DROP TABLE payouts;
