// What signing in and up ask of the API, and the grant that both are after.
import { graphql, readFragment, type FragmentType } from "../../graphql";
import { type Grant, session } from "../../session";

const GrantParts = graphql(`
  fragment GrantParts on Session {
    accessToken
    refreshToken
    expiresIn
    user {
      id
    }
  }
`);

export const SignInDocument = graphql(`
  mutation SignIn($input: LoginInput!) {
    login(input: $input) {
      ...GrantParts
      ... on InvalidCredentials {
        message
      }
      ... on TooManyAttempts {
        message
        retryAfter
      }
    }
  }
`);

export const SignUpDocument = graphql(`
  mutation SignUp($input: RegisterInput!) {
    register(input: $input) {
      ...GrantParts
      ... on EmailTaken {
        message
      }
      ... on HandleTaken {
        message
      }
      ... on InvalidInput {
        message
        field
      }
      ... on TooManyAttempts {
        message
        retryAfter
      }
    }
  }
`);

/** Signed in: the page becomes another one by itself. */
export function begin(granted: FragmentType<typeof GrantParts>): void {
  const { accessToken, refreshToken, expiresIn, user } = readFragment(GrantParts, granted);
  session.start({ accessToken, refreshToken, expiresIn, userId: user.id } satisfies Grant);
}
