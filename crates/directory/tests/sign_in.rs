//! Sign-in against a store, without HTTP.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use frontdesk_core::access::{Actor, Caller};
use frontdesk_core::error::TokenFault;
use frontdesk_core::id::{EmployeeId, OrganizationId};
use frontdesk_core::status::{ClientId, GrantRole, GrantType, Role};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::NewEmployee;
use frontdesk_directory::organization::{NewOrganization, Organization};
use frontdesk_directory::sign_in::{CodeExchange, NewCode, NewLicense, NewSession, Secret};
use frontdesk_directory::{Employees, Organizations, SignIn};
use frontdesk_store::{Db, Options, WriteContext};
use tempfile::TempDir;
use time::Duration;
use time::macros::datetime;

struct Desk {
    db: Db,
    world: World,
    sign_in: SignIn,
    employees: Employees,
    _folder: TempDir,
}

impl Desk {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.db", folder.path().display());
        let db = Db::open(&url, &Options::default()).await.unwrap();
        frontdesk_migration::migrate(db.schema()).await.unwrap();
        let world = World::fixed(datetime!(2026-03-02 02:00 UTC));
        let (sign_in, employees) = (SignIn::new(db.clone(), world.clone()), Employees::new(db.clone()));
        Self { db, world, sign_in, employees, _folder: folder }
    }

    async fn organization(&self, name: &str) -> (Organization, WriteContext) {
        let cx = WriteContext::new(Caller::system(OrganizationId(0), Zone::utc()), "test", self.world.now());
        let new = NewOrganization { name: name.into(), time_zone: "Asia/Taipei".into(), ..NewOrganization::default() };
        let made = Organizations::new(self.db.clone()).create(&cx, new).await.unwrap().fresh().unwrap();
        let cx = WriteContext::new(made.system(), "test", self.world.now());
        (made, cx)
    }

    async fn employee(&self, cx: &WriteContext, employee_no: &str, role: Role) -> EmployeeId {
        let new = NewEmployee { employee_no: employee_no.into(), first_name: "E".into(), role, ..NewEmployee::default() };
        let made = self.employees.create(cx, new).await.unwrap().fresh().unwrap().record;
        self.employees.set_password(cx, employee_no, "correct horse".into()).await.unwrap();
        made.id
    }

    async fn login(&self, name: &str, password: &str) -> Result<Secret> {
        let new = NewSession { name: name.into(), password: password.into(), ..NewSession::default() };
        Ok(self.sign_in.login(new, "test").await?.access_token)
    }

    async fn fault(&self, token: &Secret) -> Option<TokenFault> {
        match self.sign_in.authenticate(token.reveal()).await {
            Err(Error::Unauthenticated(fault)) => Some(fault),
            _ => None,
        }
    }

    async fn code(&self, license: &Secret, user_id: &str, role: GrantRole) -> Result<Secret> {
        let new = NewCode { user_id: user_id.into(), name: None, role };
        Ok(self.sign_in.code(license.reveal(), new, "test").await?.code)
    }

    async fn exchange(&self, code: Secret) -> Result<Secret> {
        let exchange = CodeExchange { grant_type: GrantType::AuthorizationCode, client_id: ClientId::Client, code, redirect_uri: None };
        Ok(self.sign_in.exchange(exchange, "test").await?.access_token)
    }
}

#[tokio::test]
async fn names_and_organizations() {
    let desk = Desk::open().await;
    let (_, first) = desk.organization("First").await;
    let ann = desk.employee(&first, "ann", Role::Agent).await;
    assert!(desk.login("ann", "correct horse").await.is_ok());
    assert!(desk.login("ann@first", "correct horse").await.is_ok());
    let (_, second) = desk.organization("Second").await;
    desk.employee(&second, "ann", Role::Admin).await;
    assert!(matches!(desk.login("ann", "correct horse").await, Err(Error::BadLogin)));
    let token = desk.login("ann@first", "correct horse").await.unwrap();
    let (caller, _) = desk.sign_in.authenticate(token.reveal()).await.unwrap();
    assert_eq!(caller.actor, Actor::Employee { id: ann, role: Role::Agent });
    for (name, password) in [("ann@first", "wrong"), ("ann@third", "correct horse"), ("bob@first", "correct horse")] {
        assert!(matches!(desk.login(name, password).await, Err(Error::BadLogin)), "{name}");
    }
}

#[tokio::test]
async fn the_life_of_a_token() {
    let desk = Desk::open().await;
    let (_, cx) = desk.organization("First").await;
    desk.employee(&cx, "ann", Role::Admin).await;
    desk.employee(&cx, "bob", Role::Admin).await;
    let (first, second) = (desk.login("ann", "correct horse").await.unwrap(), desk.login("ann", "correct horse").await.unwrap());
    let (caller, info) = desk.sign_in.authenticate(first.reveal()).await.unwrap();
    let me = desk.sign_in.me(&caller).await.unwrap();
    assert_eq!(me.version, 2, "signing in is no change");
    assert!(me.record.login_at.is_some());
    desk.sign_in.logout(&caller, &info, "test").await.unwrap();
    assert_eq!(desk.fault(&first).await, Some(TokenFault::Revoked));
    assert!(desk.sign_in.refresh(&caller, &info, "test").await.is_err());
    desk.employees.set_role(&cx, "ann", Role::Supervisor).await.unwrap();
    assert_eq!(desk.fault(&second).await, Some(TokenFault::Revoked));
    let third = desk.login("ann", "correct horse").await.unwrap();
    desk.world.advance(Duration::minutes(60));
    assert_eq!(desk.fault(&third).await, Some(TokenFault::Expired));
    assert_eq!(desk.sign_in.clean_up().await.unwrap(), 0);
    desk.world.advance(Duration::days(7) + Duration::SECOND);
    assert_eq!(desk.sign_in.clean_up().await.unwrap(), 3);
    assert_eq!(desk.fault(&third).await, Some(TokenFault::Unknown));
}

#[tokio::test]
async fn what_a_license_gives() {
    let desk = Desk::open().await;
    let (_, cx) = desk.organization("First").await;
    desk.employee(&cx, "ann", Role::Supervisor).await;
    desk.employee(&cx, "zoe", Role::None).await;
    let license = NewLicense { label: "narrow".into(), allow_admin: false, new_moderators: false };
    let narrow = desk.sign_in.add_license(&cx, license).await.unwrap();
    let license = NewLicense { label: "wide".into(), allow_admin: true, new_moderators: true };
    let wide = desk.sign_in.add_license(&cx, license).await.unwrap();
    let table = [
        ("ann", GrantRole::Moderator, true, true),
        ("ann", GrantRole::Admin, false, true),
        ("ann", GrantRole::Switch, true, true),
        ("new", GrantRole::Switch, false, false),
        ("new", GrantRole::Admin, false, false),
        ("new", GrantRole::Moderator, false, true),
        ("zoe", GrantRole::Moderator, false, false),
        ("any", GrantRole::Publisher, true, true),
    ];
    for (user_id, role, by_narrow, by_wide) in table {
        assert_eq!(desk.code(&narrow.secret, user_id, role).await.is_ok(), by_narrow, "{user_id} {role} narrow");
        assert_eq!(desk.code(&wide.secret, user_id, role).await.is_ok(), by_wide, "{user_id} {role} wide");
    }
    let late = desk.code(&wide.secret, "ann", GrantRole::Admin).await.unwrap();
    let token = desk.exchange(late.clone()).await.unwrap();
    let (caller, info) = desk.sign_in.authenticate(token.reveal()).await.unwrap();
    assert!(matches!(caller.actor, Actor::Employee { role: Role::Supervisor, .. }), "no more than the employee has");
    assert_eq!((info.role, info.client_id), (GrantRole::Admin, ClientId::Client));
    assert!(matches!(desk.exchange(late).await, Err(Error::Unlicensed)), "a code is good once");

    let code = desk.code(&wide.secret, "ann", GrantRole::Moderator).await.unwrap();
    desk.world.advance(Duration::minutes(10));
    assert!(matches!(desk.exchange(code).await, Err(Error::Unlicensed)), "a code lives 10 minutes");
    let code = desk.code(&wide.secret, "a customer", GrantRole::Client).await.unwrap();
    let token = desk.exchange(code).await.unwrap();
    let (caller, _) = desk.sign_in.authenticate(token.reveal()).await.unwrap();
    assert!(matches!(caller.actor, Actor::Publisher { customer_id_num, .. } if customer_id_num == "a customer"));
    let code = desk.code(&wide.secret, "ann", GrantRole::Moderator).await.unwrap();
    desk.sign_in.revoke_license(&cx, wide.id).await.unwrap();
    assert!(matches!(desk.exchange(code).await, Err(Error::Unlicensed)));
    assert!(matches!(desk.code(&wide.secret, "ann", GrantRole::Moderator).await, Err(Error::Unlicensed)));
}
