/** Says what the app is. The page of an app of yours would sign the visitor in with the Firebase SDK. */
export const homePage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Express and Firebase Authentication</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
<h1>Express and Firebase Authentication</h1>
<p>This app gives its signed-in users a token for each of five widgets, at <code>/api/widget-token?widget=&lt;id&gt;</code>.</p>
<p>A page sends the user’s Firebase ID token with the request, and gets a token for the widget back:</p>
<pre><code>const response = await fetch("/api/widget-token?widget=bestchatbot", {
  headers: { Authorization: "Bearer " + (await getAuth().currentUser.getIdToken()) },
});
const { token } = await response.json();</code></pre>
<p>The ids are <code>onpilot</code>, <code>bestchatbot</code>, <code>hilal</code>, <code>jupid</code> and <code>customgpt</code>.
Without an ID token the answer is <code>{ "token": null }</code>: nobody is signed in.</p>
</html>
`;
