//! Who one is oneself.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::actor::{Grant, Scope};
use infra::binding::RequestRow;
use infra::me::{self, Me, MyVillager};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "user_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "villager": {
        "villager_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "name": "王秀英", "relation": "户主",
        "phone": "139****0001", "id_number": "5****************X", "head": true,
        "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "household_number": "001",
        "village": {"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63", "name": "云岭村"},
        "town": {"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f64", "name": "龙场乡"},
        "county": {"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f65", "name": "水城区"}
    },
    "roles": [{
        "role": "panel_member",
        "scope": {"kind": "division", "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63", "name": "云岭村"}
    }],
    "binding_requests": []
}))]
pub struct MeOut {
    /// The user: what to tell somebody who is to grant a role.
    user_id: Uuid,
    /// The villager that the user is bound to; none before binding.
    villager: Option<MyVillagerOut>,
    /// The roles held now, besides being a villager.
    #[schema(max_items = 1000)]
    roles: Vec<RoleOut>,
    /// The newest requests to cadres.
    #[schema(max_items = 5)]
    binding_requests: Vec<MyRequestOut>,
}

/// The villager that somebody is. Numbers are masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyVillagerOut {
    /// Their id.
    villager_id: Uuid,
    /// The name on the roster.
    name: String,
    /// Relation to the head of the household.
    relation: String,
    /// First three and last four digits.
    #[schema(example = "139****0001")]
    phone: Option<String>,
    /// First and last character.
    #[schema(example = "5****************X")]
    id_number: Option<String>,
    /// Whether they are the head of the household.
    head: bool,
    /// The household.
    household_id: Uuid,
    /// 户号.
    household_number: String,
    /// The village.
    village: PlaceOut,
    /// The town it lies in.
    town: PlaceOut,
    /// The county it lies in.
    county: PlaceOut,
}

/// A division and its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
}

/// A role held now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleOut {
    /// Its name.
    #[schema(schema_with = crate::roles::schema)]
    role: &'static str,
    /// For what.
    scope: ScopeOut,
}

/// What a role is held for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScopeOut {
    /// A division and all that lies in it.
    Division {
        /// Its id.
        id: Uuid,
        /// Its name.
        name: String,
    },
    /// A merchant.
    Merchant {
        /// Its id.
        id: Uuid,
        /// Its name.
        name: String,
    },
    /// The whole installation.
    Platform,
}

/// A request to the cadres of a village.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyRequestOut {
    /// Its id.
    id: Uuid,
    /// The village that was asked.
    village: PlaceOut,
    /// The name that was given.
    name: String,
    /// When.
    requested_at: String,
    /// `waiting`, `accepted` or `refused`.
    #[schema(example = "waiting")]
    state: String,
    /// Why it was refused.
    reason: Option<String>,
}

impl MeOut {
    /// Renders what infra found.
    pub(crate) fn of(me: Me) -> Self {
        let place =
            |id: Uuid| PlaceOut { id, name: me.divisions.get(&id).cloned().unwrap_or_default() };
        let role = |grant: &Grant| RoleOut {
            role: grant.role.as_str(),
            scope: match grant.scope {
                Scope::Division(division) => {
                    let PlaceOut { id, name } = place(division.0);
                    ScopeOut::Division { id, name }
                }
                Scope::Merchant(merchant) => {
                    let name = me.merchants.get(&merchant.0).cloned().unwrap_or_default();
                    ScopeOut::Merchant { id: merchant.0, name }
                }
                Scope::Platform => ScopeOut::Platform,
            },
        };
        let request = |row: &RequestRow| MyRequestOut {
            id: row.id,
            village: place(row.village_id),
            name: row.name.clone(),
            requested_at: crate::time::shown(row.requested_at),
            state: row.state.clone(),
            reason: row.reason.clone(),
        };
        Self {
            user_id: me.actor.user.0,
            villager: me.villager.as_ref().map(|villager| MyVillagerOut::of(villager, place)),
            roles: me.actor.grants.iter().map(role).collect(),
            binding_requests: me.requests.iter().map(request).collect(),
        }
    }
}

impl MyVillagerOut {
    fn of(villager: &MyVillager, place: impl Fn(Uuid) -> PlaceOut) -> Self {
        let me = villager.membership;
        Self {
            villager_id: me.villager.0,
            name: villager.name.clone(),
            relation: villager.relation.clone(),
            phone: villager.phone_masked.clone(),
            id_number: villager.id_number_masked.clone(),
            head: villager.head,
            household_id: me.household.0,
            household_number: villager.household_number.clone(),
            village: place(me.place.village.0),
            town: place(me.place.town.0),
            county: place(me.place.county.0),
        }
    }
}

/// See who one is
///
/// The villager with masked numbers, household, village, and the roles held now.
#[utoipa::path(
    tag = "mini-program",
    responses((status = 200, description = "Who is signed in.", body = MeOut), Failures)
)]
#[get("/me")]
pub async fn me_show(acting: Acting, state: Data<State>) -> Result<Json<MeOut>, Problem> {
    let (user, now) = (acting.actor.user, state.clock.now());
    let me = state.run(move |db| me::show(db, user, now)).await?;
    Ok(Json(MeOut::of(me)))
}
