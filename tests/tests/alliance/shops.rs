//! Several shops of a merchant, and who stands at which.

use serde_json::{Value, json};
use testing::alliance::{agree, register, shops_near, take_role, texts, till_of};
use testing::shops::{Till, at_once, code_of, count, db_star_credit, text};
use testing::{Client, World};

/// The demo shop, with one more shop.
struct Branches {
    world: World,
    till: Till,
    owner: Client,
    officer: Client,
    villager: Client,
    main: Value,
    branch: Value,
}

impl Branches {
    async fn open() -> Self {
        let world = World::new().await;
        db_star_credit(&world, 1, 4, 160_000);
        let (till, officer) = (Till::open(&world).await, world.sign_in("town-officer").await);
        let shop = json!({"name": "云岭村分店", "address": "云岭村口", "phone": "0858-2"});
        let branch = officer.post(&till.path("shops"), shop).await.expect(201);
        let owner = world.sign_in("merchant-owner").await;
        let list = owner.get(&till.path("shops")).await.expect(200);
        let main = list["items"][0].clone();
        assert_eq!(list["items"][1], branch);
        let villager = world.sign_in("villager").await;
        Self { world, till, owner, officer, villager, main, branch }
    }

    async fn scan_at(&self, shop: Option<&Value>) -> testing::Answer {
        let mut body = json!({"code": code_of(&self.villager).await});
        if let Some(shop) = shop {
            body["shop_id"] = shop["shop_id"].clone();
        }
        self.till.scan(body).await
    }

    /// Assigns the clerk of the demo to a shop, or to all.
    async fn assign(&self, shop: &Value) -> testing::Answer {
        let list = self.owner.get(&self.till.path("clerks")).await.expect(200);
        let people = list["items"].as_array().unwrap();
        let clerk = people.iter().find(|person| person["role"] == "merchant_clerk").unwrap();
        let path = self.till.path(&format!("clerks/{}/shop", text(&clerk["user_id"])));
        self.owner.post(&path, json!({"shop_id": shop["shop_id"]})).await
    }

    async fn close(&self, shop: &Value) -> testing::Answer {
        let path = self.till.path(&format!("shops/{}/closing", text(&shop["shop_id"])));
        self.officer.post(&path, json!({"reason": "停业"})).await
    }
}

#[actix_web::test]
async fn who_sells_at_several_shops_says_where_and_the_receipt_names_it() {
    let shops = Branches::open().await;
    shops.scan_at(None).await.expect_problem(422, "shop_needed");
    let quote = shops.scan_at(Some(&shops.branch)).await.expect(201);
    assert_eq!(quote["shop_id"], shops.branch["shop_id"]);
    let sold = shops.till.sell(&quote, 1_000).await.expect(201);
    assert_eq!(sold["shop_id"], shops.branch["shop_id"]);
    let path =
        format!("purchases/{}?village_id={}", text(&sold["purchase_id"]), shops.world.demo.village);
    assert_eq!(shops.till.clerk.get(&shops.till.path(&path)).await.expect(200), sold);
    let elsewhere = shops.scan_at(Some(&shops.main)).await.expect(201);
    shops.till.sell(&elsewhere, 1_000).await.expect(201);
    let today = shops.till.clerk.get(&shops.till.path("purchases")).await.expect(200);
    assert_eq!(today["items"].as_array().unwrap().len(), 2);
    let there = format!("purchases?shop_id={}", text(&shops.branch["shop_id"]));
    let there = shops.till.clerk.get(&shops.till.path(&there)).await.expect(200);
    assert_eq!(there["items"], json!([sold]));
    let stranger = json!({"shop_id": uuid::Uuid::now_v7()});
    shops.scan_at(Some(&stranger)).await.expect_problem(404, "not_found");
    let refunded = shops.till.refund(&sold).await.expect(201);
    assert_eq!(refunded["shop_id"], shops.branch["shop_id"]);
}

#[actix_web::test]
async fn a_clerk_who_is_assigned_to_a_shop_sells_there_and_nowhere_else() {
    let shops = Branches::open().await;
    shops.assign(&shops.branch).await.expect(204);
    let list = shops.owner.get(&shops.till.path("clerks")).await.expect(200);
    let at: Vec<_> = list["items"].as_array().unwrap().iter().map(|p| &p["shop_id"]).collect();
    assert_eq!(at, [&Value::Null, &shops.branch["shop_id"]]);
    let quote = shops.scan_at(None).await.expect(201);
    assert_eq!(quote["shop_id"], shops.branch["shop_id"]);
    shops.scan_at(Some(&shops.main)).await.expect_problem(404, "not_found");
    // The owner stands everywhere.
    let body = json!({
        "code": code_of(&shops.villager).await, "shop_id": shops.main["shop_id"],
    });
    shops.owner.post(&shops.till.path("scans"), body).await.expect(201);
    shops.assign(&json!({"shop_id": null})).await.expect(204);
    shops.scan_at(Some(&shops.main)).await.expect(201);
    let unknown = json!({"shop_id": uuid::Uuid::now_v7()});
    shops.assign(&unknown).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn a_closed_shop_sells_nothing_and_the_last_one_is_not_closed() {
    let shops = Branches::open().await;
    shops.assign(&shops.branch).await.expect(204);
    shops.close(&shops.branch).await.expect(200);
    shops.close(&shops.branch).await.expect_problem(409, "shop_closed");
    shops.scan_at(None).await.expect_problem(409, "shop_closed");
    shops.assign(&shops.branch).await.expect_problem(409, "shop_closed");
    shops.close(&shops.main).await.expect_problem(409, "last_shop");
    // The only one that is open needs no name.
    shops.assign(&json!({"shop_id": null})).await.expect(204);
    let quote = shops.scan_at(None).await.expect(201);
    assert_eq!(quote["shop_id"], shops.main["shop_id"]);
    let near = shops_near(&shops.world, "").await;
    assert_eq!(texts(&near, "name"), ["街上店"]);
}

#[actix_web::test]
async fn of_two_shops_closed_at_once_one_stays_open() {
    let shops = Branches::open().await;
    let closings = [&shops.main, &shops.branch].map(|shop| {
        let path = shops.till.path(&format!("shops/{}/closing", text(&shop["shop_id"])));
        let officer = shops.officer.clone();
        async move { officer.post(&path, json!({"reason": "停业"})).await }
    });
    let answers = at_once(closings).await;
    assert_eq!((count(&answers, 200, ""), count(&answers, 409, "last_shop")), (1, 1));
}

#[actix_web::test]
async fn what_is_known_of_a_shop_is_changed_by_the_division() {
    let shops = Branches::open().await;
    let path = shops.till.path(&format!("shops/{}", text(&shops.branch["shop_id"])));
    let new = json!({
        "name": "云岭新店", "address": "云岭村委会旁", "phone": "0858-3", "hours": "赶集日",
        "spot": {"latitude_e6": 26_551_234, "longitude_e6": 104_722_345},
    });
    shops.owner.post(&path, new.clone()).await.expect_problem(404, "not_found");
    let changed = shops.officer.post(&path, new.clone()).await.expect(200);
    assert_eq!((&changed["name"], &changed["hours"]), (&json!("云岭新店"), &json!("赶集日")));
    let mut same = new;
    same["name"] = shops.main["name"].clone();
    shops.officer.post(&path, same.clone()).await.expect_problem(409, "already_exists");
    shops.officer.post(&shops.till.path("shops"), same).await.expect_problem(409, "already_exists");
    let nowhere = json!({
        "name": "x", "phone": "1", "spot": {"latitude_e6": 26_551_234, "longitude_e6": 0},
    });
    shops.officer.post(&path, nowhere).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn merchants_see_their_own_and_nothing_of_others() {
    let world = World::new().await;
    let officer = world.sign_in("town-officer").await;
    let made = register(&officer, world.demo.town, json!({})).await;
    let theirs = till_of(&world, &made).await;
    let demo = Till::open_as(&world, "merchant-owner").await;
    for path in ["", "shops", "clerks", "purchases", "statements/2026-10"] {
        let of = |till: &Till| till.path(path).trim_end_matches('/').to_owned();
        theirs.clerk.get(&of(&theirs)).await.expect(200);
        theirs.clerk.get(&of(&demo)).await.expect_problem(404, "not_found");
        demo.clerk.get(&of(&theirs)).await.expect_problem(404, "not_found");
    }
    // A clerk whom the owner invites belongs to this merchant alone.
    let invite = theirs.path("clerk-invitations");
    let invited = theirs.clerk.post(&invite, json!({"role": "merchant_clerk"})).await.expect(201);
    let clerk = take_role(&world, &invited).await;
    clerk.get(&theirs.path("purchases")).await.expect(200);
    clerk.get(&demo.path("purchases")).await.expect_problem(404, "not_found");
    // And a shop of another merchant is no place to sell at.
    db_star_credit(&world, 1, 4, 160_000);
    agree(&world, &made["merchant"]["merchant_id"], json!({})).await.expect(201);
    let villager = world.sign_in("villager").await;
    let shops = demo.clerk.get(&demo.path("shops")).await.expect(200);
    let body = json!({
        "code": code_of(&villager).await, "shop_id": shops["items"][0]["shop_id"],
    });
    clerk.post(&theirs.path("scans"), body).await.expect_problem(404, "not_found");
}
