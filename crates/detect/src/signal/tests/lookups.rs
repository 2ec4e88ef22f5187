use super::*;

pub(super) const MET: &[Line] = &[
    ("secret_lookup", "GET /articles/?created_by__user__password__startswith=pbkdf2_"),
    ("secret_lookup", "GET /api/users?reset_token__regex=%5Ea"),
    ("secret_lookup", "GET /api/articles?filters%5Bauthor%5D%5BpasswordHash%5D%5B%24startsWith%5D=a"),
    ("secret_lookup", "GET /posts?filter[createdBy][resetToken][startsWith]=06"),
    ("secret_lookup", "GET /posts?q[user_reset_password_token_start]=0"),
];

#[test]
fn secrets_asked_for_letter_by_letter_are_met() {
    assert_met(MET);
}

#[test]
fn other_lookups_are_left_alone() {
    assert_left_alone(
        &[
            "GET /articles/?created_by__user__name__startswith=Ada&ordering=-created_at",
            "GET /users?password_changed__gte=2026-01-01&has_token=true",
            "GET /reset?token=0a1b2c3d4e5f",
            "GET /api/articles?filters[author][name][$contains]=smith",
            "GET /posts?q[title_cont]=password",
            "GET /help?q=how+does+a+token+start",
            "GET /search?q=password%5D%5B1%5D",
        ],
        200,
    );
}
