//! What was learned of one route is used for the next: it must make no difference which came first, and on which thread.

use super::apps::apps;
use super::support::{Route, routes_in, routes_of};

fn told(routes: &[Route]) -> Vec<String> {
    routes.iter().map(|route| format!("{} {} {:?}", route.name, route.place, route.judged)).collect()
}

#[test]
fn the_order_of_routes_makes_no_difference() {
    for (app, files) in apps() {
        let backwards = routes_in(&files, |declared| declared.reverse());
        assert_eq!(told(&routes_of(&files)), told(&backwards), "{app}");
    }
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    for threads in [1, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for (app, files) in apps() {
            let alone = pool.install(|| routes_of(&files));
            assert_eq!(told(&routes_of(&files)), told(&alone), "{app} on {threads} threads");
        }
    }
}
