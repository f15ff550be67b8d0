//! Texts and photos that are submitted, asked about and settled.

use api::courier::means;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use domain::content::{Scene, Standing, Subject, SubjectKind};
use domain::id::{PhotoId, UserId};
use infra::content::{self, Piece};
use infra::outbox::{self, Delivered};
use serde_json::Value;
use uuid::Uuid;

use crate::{Client, World};

/// A piece of a thing that somebody of the demo made.
#[derive(Clone, Copy, Debug)]
pub enum Made<'a> {
    /// A text.
    Text(&'a str),
    /// A photo that they uploaded.
    Photo(PhotoId),
}

/// What is stored of a check.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Stored {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Where it stands.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Why it is held.
    #[diesel(sql_type = Nullable<Text>)]
    pub held_for: Option<String>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl World {
    /// The user that a person of the demo is.
    pub fn user_id(&self, key: &str) -> UserId {
        let found: Found = diesel::sql_query("SELECT id FROM users WHERE openid = $1")
            .bind::<Text, _>(infra::demo::openid(key))
            .get_result(&mut self.connect())
            .expect("a user");
        UserId(found.id)
    }

    /// A person of the demo uploads a photo to the first village.
    pub async fn upload_photo(&self, client: &Client) -> PhotoId {
        let made =
            client.upload(&self.village("photos"), &crate::claims::photo(), "照片.png").await;
        let id = made.expect(201)["id"].as_str().and_then(|id| id.parse().ok());
        PhotoId(id.expect("an id"))
    }

    /// Somebody makes a new thing of these pieces: it is submitted, and nobody was asked yet.
    pub fn db_submit(&self, key: &str, kind: SubjectKind, made: &[Made<'_>]) -> Subject {
        let subject = Subject { kind, id: Uuid::now_v7() };
        self.db_submit_more(key, subject, made);
        subject
    }

    /// Somebody adds pieces to a thing.
    pub fn db_submit_more(&self, key: &str, subject: Subject, made: &[Made<'_>]) {
        let (village, author, now) = (self.demo.village, self.user_id(key), self.clock.now());
        let pieces: Vec<_> = made
            .iter()
            .map(|made| match made {
                Made::Text(text) => Piece::Text { text, scene: Scene::Forum },
                Made::Photo(photo) => Piece::Photo(*photo),
            })
            .collect();
        let photos: Vec<_> = made
            .iter()
            .filter_map(|made| match made {
                Made::Photo(photo) => Some(*photo),
                Made::Text(_) => None,
            })
            .collect();
        self.db
            .write(|tx| {
                infra::photos::attach_in_tx(tx, village, author, &photos, subject.id, now)?;
                content::submit_in_tx(tx, village, subject, author, &pieces, now)
            })
            .expect("submitted");
    }

    /// One round of the courier: what is due is asked at WeChat.
    pub async fn round(&self) -> Delivered {
        outbox::round(&|| means(&self.state), &|| false).await.expect("a round")
    }

    /// Whether others may see a thing.
    pub fn standing(&self, subject: Subject) -> Standing {
        let village = self.demo.village;
        let all = self.db.read(|c| content::standing_in(c, village, &[subject.id]));
        all.expect("standings")[&subject.id]
    }

    /// What is stored of the checks of a thing, in their order.
    pub fn db_checks(&self, subject: Subject) -> Vec<Stored> {
        diesel::sql_query(
            "SELECT id, state, held_for FROM content_checks WHERE subject_id = $1 ORDER BY id",
        )
        .bind::<SqlUuid, _>(subject.id)
        .load(&mut self.connect())
        .expect("checks")
    }

    /// Where the only check of a thing stands, and why it is held: `held: risky`.
    pub fn check_of(&self, subject: Subject) -> String {
        let all = self.db_checks(subject);
        assert_eq!(all.len(), 1, "{all:?}");
        match &all[0].held_for {
            Some(why) => format!("{}: {why}", all[0].state),
            None => all[0].state.clone(),
        }
    }

    /// Waits until WeChat's push has settled the only check of a thing, some seconds at most.
    pub async fn settled(&self, subject: Subject) -> String {
        for _ in 0..200 {
            let check = self.check_of(subject);
            if check != "asked" {
                return check;
            }
            actix_web::rt::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        self.check_of(subject)
    }
}

/// The ids in a page of the queue.
pub fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}
