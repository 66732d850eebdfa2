//! The whole job in the real window: the program that users get, under WebDriver, on a
//! display in memory, against a simulated platform.

mod driver;
mod guided;
mod job;
mod offline;
mod places;
mod rotating;
mod screen;
mod wire;
