use anyhow::Result;
use clap::Subcommand;
use frontdesk_core::status::Role;
use frontdesk_directory::Employees;
use frontdesk_directory::employee::NewEmployee;
use frontdesk_server::fault;

use super::{Desk, Of, password, role};

#[derive(Debug, Subcommand)]
pub(super) enum Employee {
    /// Adds an employee; without a password nobody can sign in as it
    Add {
        #[command(flatten)]
        of: Of,
        /// Unique in the organization; also the name to sign in with
        #[arg(long)]
        employee_no: String,
        /// First name
        #[arg(long)]
        first_name: String,
        /// Last name
        #[arg(long)]
        last_name: Option<String>,
        /// agent, supervisor, admin, or empty: listed, but cannot sign in
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read a password of 8 to 128 characters from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Gives an employee another password, and another role if asked
    SetPassword {
        #[command(flatten)]
        of: Of,
        /// The employee
        #[arg(long)]
        employee_no: String,
        /// Read a password of 8 to 128 characters from the first line of standard input
        #[arg(long, required = true)]
        password_stdin: bool,
        /// agent, supervisor, admin, or empty
        #[arg(long, value_parser = role)]
        role: Option<Role>,
    },
}

impl Employee {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let employees = Employees::new(desk.db.clone());
        match self {
            Self::Add { of, employee_no, first_name, last_name, role, password_stdin } => {
                let password = password_stdin.then(password).transpose()?;
                let cx = desk.of(&of).await?;
                let new = NewEmployee { employee_no: employee_no.clone(), first_name, last_name, role, ..NewEmployee::default() };
                employees.create(&cx, new).await.map_err(fault)?;
                eprintln!("added {employee_no}");
                if let Some(password) = password {
                    employees.set_password(&cx, &employee_no, password).await.map_err(fault)?;
                }
            }
            Self::SetPassword { of, employee_no, password_stdin: _, role } => {
                let password = password()?;
                let cx = desk.of(&of).await?;
                employees.set_password(&cx, &employee_no, password).await.map_err(fault)?;
                if let Some(role) = role {
                    employees.set_role(&cx, &employee_no, role).await.map_err(fault)?;
                }
                eprintln!("{employee_no} has a new password");
            }
        }
        Ok(())
    }
}
