//! Duty posts, who holds them, and pledges.

use chrono::Days;
use domain::calendar::day_of;
use serde_json::json;

use super::{Asker, Shelf, Shelves, new};
use crate::access::people::Target;

impl Shelves<'_> {
    pub(super) fn duties(&mut self, shelf: &mut Shelf, asker: &Asker, target: Target) {
        let (made, today) = (self.made, day_of(self.now));
        for (name, called) in [("duty_post", "护林防火岗"), ("closing_post", "治安巡逻岗")]
        {
            let post = json!({"name": format!("{called}{made}"), "description": "巡查",
                "item_codes": ["P-POST"], "opened_on": today});
            self.put(shelf, name, "duty_posts", post);
        }
        let consent = json!({"by": "路人", "how": "当面", "on": today});
        let held = json!({"villager_id": shelf["villager"], "source": "duty_post",
            "post_id": shelf["duty_post"], "from_day": today, "consent": consent});
        self.put(shelf, "duty", "duties", held);
        let (first, last) = (today - Days::new(30), today - Days::new(1));
        let over = json!({"villager_id": shelf["villager"], "source": "pledge", "colour": "blue",
            "period": "2020", "text": "守约", "from_day": first, "until_day": last});
        self.put(shelf, "pledge", "duties", over);
        // Of others, it is somebody's of the household.
        let own = asker.villager.filter(|_| target == Target::Own);
        let oneself = own.map_or_else(|| shelf["kin"].clone(), |id| id.to_string());
        let given = json!({"villager_id": oneself, "source": "pledge", "colour": "blue",
            "period": format!("{:04}", 3_000 + made), "text": "守约", "from_day": today,
            "until_day": today + Days::new(30)});
        self.put(shelf, "own_duty", "duties", given);
        shelf.insert("oneself", oneself);
    }

    /// A text of somebody who lives nowhere, held for a person.
    pub(super) fn content(&mut self, shelf: &mut Shelf) {
        let held = json!({"subject_kind": "comment", "subject_id": new(), "scene": "comment",
            "author_id": shelf["user"], "text": "一句话", "state": "held", "held_for": "review",
            "answer_until": self.now, "submitted_at": self.now});
        self.put(shelf, "content_check", "content_checks", held);
    }
}
