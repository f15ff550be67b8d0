//! Accounts, vouchers and statements of the village fund.

use chrono::Days;
use domain::calendar::day_of;
use serde_json::{Value, json};

use super::{Asker, Shelf, Shelves, new};

impl Shelves<'_> {
    pub(super) fn fund(&mut self, shelf: &mut Shelf, asker: &Asker) {
        let made = self.made;
        for (name, balance) in [("fund_account", 100_000), ("closing_fund_account", 0)] {
            let account = json!({"name": format!("{name} {made}"), "balance": balance,
                "opened_at": self.now});
            self.put(shelf, name, "fund_accounts", account);
        }
        let policy = json!({"warn_below": 0, "brake_below": 0, "issued": 5_000, "notice_days": 7,
            "set_by": new(), "set_at": self.now});
        self.put(shelf, "brake_policy", "brake_policies", policy);
        for (n, name, state) in [
            (0, "fund_voucher", "prepared"),
            (1, "own_fund_voucher", "prepared"),
            (2, "booked_voucher", "booked"),
        ] {
            let by = if name == "own_fund_voucher" { asker.user } else { new() };
            let checked = (state == "booked").then(new);
            let voucher = json!({"number": 3 * made + n, "kind": "donation",
                "account_id": shelf["fund_account"], "amount": 100, "party": "李建国",
                "party_shown": "masked", "purpose": "捐赠", "document": "1",
                "happened_on": day_of(self.now), "state": state, "made_by": by,
                "made_at": self.now, "checked_by": checked});
            self.put(shelf, name, "fund_vouchers", voucher);
        }
        for (n, name, state) in [
            (0, "fund_statement", "published"),
            (1, "drawn_statement", "drawn"),
            (2, "thrown_statement", "drawn"),
        ] {
            let figures: Value = json!({"opening_fen": 0, "came_in_fen": {}, "went_out_fen": {},
                "closing_fen": 0, "lines": [], "held_fen": 0, "owed_fen": 0, "coverage_bp": null});
            // Before the world's time, so that nothing is recorded after it.
            let statement = json!({"period": format!("{:04}", 3 * made + n), "state": state,
                "figures": figures, "drawn_by": new(), "drawn_at": self.now - Days::new(400)});
            self.put(shelf, name, "fund_statements", statement);
        }
    }
}
